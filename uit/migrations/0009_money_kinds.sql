-- Kinds of accounts and transfers for real money. In a file of its own: a new value of a type can be used after its commit.

-- Of a seller: `sale` what was sold, below zero by all that came in for it; `fee` what its payment provider kept; `rounding` cash that
-- was rounded; `disputed` what a bank holds back; `safe` cash that left a till; `terminal` what a card terminal took;
-- `difference` what a till had more or less than it should.
ALTER TYPE credits.account_kind ADD VALUE IF NOT EXISTS 'sale';
ALTER TYPE credits.account_kind ADD VALUE IF NOT EXISTS 'terminal';
ALTER TYPE credits.account_kind ADD VALUE IF NOT EXISTS 'safe';
ALTER TYPE credits.account_kind ADD VALUE IF NOT EXISTS 'fee';
ALTER TYPE credits.account_kind ADD VALUE IF NOT EXISTS 'rounding';
ALTER TYPE credits.account_kind ADD VALUE IF NOT EXISTS 'difference';
ALTER TYPE credits.account_kind ADD VALUE IF NOT EXISTS 'disputed';

-- By card: `capture` and `refund` between sale and card, `fee` from card to fee, `card_payout` from card to bank, and what a dispute
-- does. At a till: `receipt`, `refund`, `rounding`, `float`, `drop`, `difference`. On an invoice: `invoice`, `invoice_paid`, `credit_note`.
ALTER TYPE credits.transfer_kind ADD VALUE IF NOT EXISTS 'capture';
ALTER TYPE credits.transfer_kind ADD VALUE IF NOT EXISTS 'refund';
ALTER TYPE credits.transfer_kind ADD VALUE IF NOT EXISTS 'fee';
ALTER TYPE credits.transfer_kind ADD VALUE IF NOT EXISTS 'card_payout';
ALTER TYPE credits.transfer_kind ADD VALUE IF NOT EXISTS 'dispute';
ALTER TYPE credits.transfer_kind ADD VALUE IF NOT EXISTS 'dispute_won';
ALTER TYPE credits.transfer_kind ADD VALUE IF NOT EXISTS 'dispute_lost';
ALTER TYPE credits.transfer_kind ADD VALUE IF NOT EXISTS 'receipt';
ALTER TYPE credits.transfer_kind ADD VALUE IF NOT EXISTS 'rounding';
ALTER TYPE credits.transfer_kind ADD VALUE IF NOT EXISTS 'float';
ALTER TYPE credits.transfer_kind ADD VALUE IF NOT EXISTS 'drop';
ALTER TYPE credits.transfer_kind ADD VALUE IF NOT EXISTS 'difference';
ALTER TYPE credits.transfer_kind ADD VALUE IF NOT EXISTS 'invoice';
ALTER TYPE credits.transfer_kind ADD VALUE IF NOT EXISTS 'invoice_paid';
ALTER TYPE credits.transfer_kind ADD VALUE IF NOT EXISTS 'credit_note';

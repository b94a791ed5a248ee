"""Every face of the service: the modules whose ROUTES the application has, one for each who looks."""

from credits.differences import desk as differences_desk
from credits.groups import desk as groups_desk
from credits.payments import api as payments_api
from credits.payments import desk as sellers_desk
from credits.programme import desk as programme_desk
from credits.remittance import desk as remittance_desk
from credits.till import desk as till_desk
from credits.till.books import desk as till_books_desk
from credits.till.counter import desk as till_counter_desk
from credits.till.counting import desk as till_counting_desk
from credits.till.rule import desk as till_rule_desk
from credits.wallet import api as wallet_api
from credits.wallet import desk as wallet_desk
from credits.worklist import desk as worklist_desk
from organisers.labels.decision import desk as decision_desk
from organisers.labels.dossier import desk as dossier_desk
from organisers.labels.register import api as register_api
from organisers.labels.register import pages as register_pages
from organisers.office import desk as office_desk
from organisers.partners import desk as partners_desk
from organisers.region_settings import desk as region_settings_desk
from reservations.absences import desk as absences_desk
from reservations.absences import pages as absences_pages
from reservations.activities import desk as activities_desk
from reservations.activities.about import desk as activity_about_desk
from reservations.activities.dates import desk as activity_dates_desk
from reservations.activities.picture import desk as activity_picture_desk
from reservations.activities.picture import pages as activity_picture_pages
from reservations.activities.place import desk as activity_place_desk
from reservations.activities.sale import desk as activity_sale_desk
from reservations.activities.series import desk as activity_series_desk
from reservations.basket import pages as basket_pages
from reservations.booking import api as booking_api
from reservations.booking import pages as booking_pages
from reservations.booking_list import desk as booking_list_desk
from reservations.bookkeeping import desk as bookkeeping_desk
from reservations.bookkeeping.years import desk as years_desk
from reservations.box_office import desk as box_office_desk
from reservations.box_office.selling import desk as selling_desk
from reservations.box_office.sold import desk as sold_desk
from reservations.box_office.swapping import desk as swapping_desk
from reservations.box_office.taking_back import desk as taking_back_desk
from reservations.box_office.with_pass import desk as with_pass_desk
from reservations.catalogue import api as catalogue_api
from reservations.catalogue import pages as catalogue_pages
from reservations.changes import pages as change_pages
from reservations.changes.partner import desk as partner_change_desk
from reservations.changes.till import desk as changing_desk
from reservations.changes.with_pass import desk as pass_changing_desk
from reservations.checkin import api as checkin_api
from reservations.checkin import desk as checkin_desk
from reservations.checkin import pages as checkin_pages
from reservations.choosing import pages as choosing_pages
from reservations.counter import desk as counter_desk
from reservations.counter.booked import desk as booked_desk
from reservations.counter.queue import desk as counter_queue_desk
from reservations.courses import api as courses_api
from reservations.courses import desk as courses_desk
from reservations.customers import desk as customers_desk
from reservations.event_settings import desk as event_settings_desk
from reservations.figures import desk as figures_desk
from reservations.groups import desk as group_bookings_desk
from reservations.groups.queue import desk as group_queue_desk
from reservations.guest import pages as guest_pages
from reservations.halls import api as halls_api
from reservations.halls import desk as halls_desk
from reservations.halls.dates import desk as hall_dates_desk
from reservations.helping import desk as helping_desk
from reservations.helping import pages as helping_pages
from reservations.importing import desk as importing_desk
from reservations.invoices import api as invoices_api
from reservations.invoices import desk as invoices_desk
from reservations.live import desk as live_desk
from reservations.live import pages as live_pages
from reservations.mandates import desk as mandates_desk
from reservations.mandates import pages as mandates_pages
from reservations.measures import desk as measures_desk
from reservations.merging import desk as merging_desk
from reservations.order import pages as order_pages
from reservations.organiser_booking import desk as organiser_booking_desk
from reservations.organiser_booking.changing import desk as organiser_change_desk
from reservations.organiser_menu import desk as organiser_menu_desk
from reservations.outcomes import desk as outcomes_desk
from reservations.own_data import desk as own_data_desk
from reservations.own_data import pages as own_data_pages
from reservations.payment import desk as payment_desk
from reservations.payment import pages as payment_pages
from reservations.places import desk as places_desk
from reservations.places.apart import desk as set_apart_desk
from reservations.places.shared import desk as sharing_desk
from reservations.printed_sheet import desk as printed_sheet_desk
from reservations.public_computers import desk as public_computers_desk
from reservations.quotes import api as quotes_api
from reservations.served import desk as served_desk
from reservations.served.outing import desk as served_outing_desk
from reservations.sessions import desk as sessions_desk
from reservations.statement import pages as statement_pages
from reservations.tariffs import desk as tariffs_desk
from reservations.today import desk as today_desk
from reservations.turn_card_sales import desk as turn_card_desk
from reservations.waiting import api as waiting_api
from reservations.waiting import desk as waiting_desk
from reservations.waiting import pages as waiting_pages
from reservations.waiting.counter import desk as waiting_counter_desk
from reservations.waiting_room import desk as waiting_room_desk
from reservations.waiting_room import pages as waiting_room_pages
from reservations.writing import desk as writing_desk
from uit.identity.about import pages as about_pages
from uit.identity.access import desk as access_desk
from uit.identity.authorisation import desk as authorisation_desk
from uit.identity.client import api as client_api
from uit.identity.one_time_code import pages as one_time_code_pages
from uit.identity.sign_in import pages as sign_in_pages
from uit.identity.signed_in import pages as signed_in_pages
from uit.identity.staff import desk as staff_desk
from uit.passes.card import desk as card_desk
from uit.passes.card import pages as card_pages
from uit.passes.decisions import desk as decisions_desk
from uit.passes.decisions import pages as decisions_pages
from uit.passes.details import desk as details_desk
from uit.passes.details import pages as details_pages
from uit.passes.household import desk as household_desk
from uit.passes.letters import desk as letters_desk
from uit.passes.membership import desk as membership_desk
from uit.passes.messages import desk as messages_desk
from uit.passes.messages import pages as messages_pages
from uit.passes.permission import desk as permission_desk
from uit.passes.registration import desk as registration_desk
from uit.web import api as web_api
from uit.web import pages as web_pages

FACES = (
    web_pages,
    web_api,
    about_pages,
    sign_in_pages,
    one_time_code_pages,
    signed_in_pages,
    authorisation_desk,
    staff_desk,
    access_desk,
    client_api,
    office_desk,
    region_settings_desk,
    partners_desk,
    card_desk,
    card_pages,
    membership_desk,
    letters_desk,
    own_data_desk,
    own_data_pages,
    merging_desk,
    details_desk,
    details_pages,
    decisions_desk,
    decisions_pages,
    messages_desk,
    messages_pages,
    household_desk,
    permission_desk,
    registration_desk,
    register_pages,
    dossier_desk,
    decision_desk,
    register_api,
    programme_desk,
    groups_desk,
    wallet_desk,
    worklist_desk,
    wallet_api,
    payments_api,
    differences_desk,
    remittance_desk,
    sellers_desk,
    till_desk,
    till_books_desk,
    till_counting_desk,
    till_counter_desk,
    till_rule_desk,
    catalogue_pages,
    live_pages,
    live_desk,
    waiting_room_pages,
    order_pages,
    basket_pages,
    booking_pages,
    change_pages,
    choosing_pages,
    waiting_pages,
    statement_pages,
    payment_pages,
    payment_desk,
    customers_desk,
    event_settings_desk,
    waiting_desk,
    booking_list_desk,
    outcomes_desk,
    organiser_booking_desk,
    organiser_change_desk,
    organiser_menu_desk,
    writing_desk,
    figures_desk,
    today_desk,
    printed_sheet_desk,
    public_computers_desk,
    measures_desk,
    places_desk,
    set_apart_desk,
    sharing_desk,
    invoices_desk,
    invoices_api,
    box_office_desk,
    selling_desk,
    sold_desk,
    with_pass_desk,
    taking_back_desk,
    swapping_desk,
    changing_desk,
    pass_changing_desk,
    partner_change_desk,
    guest_pages,
    helping_pages,
    helping_desk,
    counter_desk,
    booked_desk,
    waiting_counter_desk,
    counter_queue_desk,
    mandates_pages,
    mandates_desk,
    group_bookings_desk,
    group_queue_desk,
    halls_desk,
    hall_dates_desk,
    served_desk,
    served_outing_desk,
    bookkeeping_desk,
    years_desk,
    importing_desk,
    sessions_desk,
    tariffs_desk,
    absences_desk,
    absences_pages,
    activities_desk,
    courses_desk,
    turn_card_desk,
    activity_about_desk,
    activity_picture_desk,
    activity_picture_pages,
    activity_place_desk,
    activity_dates_desk,
    activity_sale_desk,
    activity_series_desk,
    waiting_room_desk,
    checkin_desk,
    checkin_pages,
    booking_api,
    quotes_api,
    waiting_api,
    catalogue_api,
    courses_api,
    halls_api,
    checkin_api,
)

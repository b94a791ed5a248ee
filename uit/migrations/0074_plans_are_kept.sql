-- What is reckoned for each row of a list keeps its plan. Else each call plans anew: an array of one pool looks cheaper than the ten
-- that a kept plan counts with, and planning takes longer than reading it.
ALTER FUNCTION reservations.tickets_left(integer, uuid[], integer, integer) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION reservations.tickets_left(integer, uuid, uuid[], integer, integer, text, text)
SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION reservations.seats_left(integer, uuid) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION reservations.has_room(integer, uuid, uuid[]) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION reservations.capacity_of(integer, uuid, text, integer, integer) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION reservations.cap_of(integer, uuid, integer) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION reservations.only_in_course(integer, uuid) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION reservations.condition_of(integer, uuid, text, integer) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION reservations.takes_turns(integer, uuid[], timestamptz) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION reservations.turns_taken(integer, uuid, smallint[]) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION reservations.turns_left(integer, uuid, smallint[]) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION reservations.shows_age(integer, uuid, smallint, smallint) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION reservations.is_looked_at(integer, uuid, smallint, smallint) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION reservations.label_at_door(integer, uuid, text, uuid) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION reservations.label_at_door(integer, uuid, text, reservations.eligibility, text)
SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION reservations.label_at_door(integer, uuid, smallint, smallint) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION reservations.wheelchairs_left(integer, uuid) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION reservations.could_have(integer, uuid, jsonb, boolean) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION reservations.have_room_for(integer, uuid[], jsonb, boolean, boolean, timestamptz)
SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION organisers.name_asked(integer, uuid, timestamptz) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION reservations.name_for_organiser(integer, uuid, uuid) SET plan_cache_mode = force_generic_plan;

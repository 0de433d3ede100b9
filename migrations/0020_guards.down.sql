-- Takes the guards back; CASCADE takes the triggers with their functions.

DROP FUNCTION tenantry.stamp_token(), tenantry.follow_assignment(), tenantry.own_membership(), tenantry.check_person_role(), tenantry.check_member(),
    tenantry.fill_event_client(), tenantry.fill_category(), tenantry.hold_system_row(), tenantry.refuse_flags(),
    tenantry.refuse_change(), tenantry.refuse_new_id(), tenantry.refuse_move() CASCADE;

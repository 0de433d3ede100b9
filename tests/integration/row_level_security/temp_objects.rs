//! Whoever may make temporary objects can put a type or table before PostgreSQL's own, and code that runs as the owner
//! would use it. Nothing of Tenantry's may.

use super::cell::{Act, Cell};
use super::claims::Claims;
use super::subjects::SUBJECTS;
use super::world::furnish;
use crate::support::Database;

/// What each shadow calls. It notes where it runs as the owner, by a sequence because that outlives an exception block.
const SPY: &str = "
    CREATE TEMP SEQUENCE seen MINVALUE 0;
    GRANT USAGE ON SEQUENCE seen TO PUBLIC;
    CREATE FUNCTION pg_temp.spy() RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
        IF current_user = 'tenantry_owner' THEN
            PERFORM nextval('pg_temp.seen');
        END IF;
        RETURN true;
    END $$;
    DO $$
    DECLARE
        shadow pg_catalog.text;
    BEGIN
        FOREACH shadow IN ARRAY '{pg_class,pg_attribute,pg_namespace,pg_roles,pg_inherits,pg_constraint,pg_partitioned_table,
                                  pg_trigger,pg_type,pg_policy,pg_index,pg_proc}'::pg_catalog.text[] LOOP
            EXECUTE (SELECT format('CREATE TEMP VIEW %I AS SELECT %s FROM pg_catalog.%I WHERE pg_temp.spy()',
                                   shadow, string_agg(quote_ident(a.attname), ', '), shadow)
                       FROM pg_catalog.pg_attribute a
                      WHERE a.attrelid = format('pg_catalog.%I', shadow)::pg_catalog.regclass AND a.attnum > 0
                        AND a.atttypid <> 'pg_catalog.anyarray'::pg_catalog.regtype);
        END LOOP;
        FOREACH shadow IN ARRAY '{text,uuid,jsonb,json,name,date,regclass,regrole,regtype,regnamespace,oid,bytea,timestamptz,
                                  xid8,inet,int8multirange,int2,int4,int8,bool,bpchar,varchar,numeric,float8}'::pg_catalog.text[] LOOP
            EXECUTE format('CREATE DOMAIN pg_temp.%I AS pg_catalog.%I CHECK (pg_temp.spy())', shadow, shadow);
        END LOOP;
    END $$";

#[tokio::test]
async fn temporary_objects_do_not_get_into_what_runs_as_the_owner() {
    let database = Database::migrated().await;
    let superuser = database.connect().await;
    furnish(&superuser).await;
    let mut spied = Vec::new();
    for role in ["client", "staff", "manager", "admin", "service", "super_admin"] {
        // A session of its own: functions look types up when a session first runs them.
        let db = database.connect().await;
        db.batch_execute(&format!("SET ROLE tenantry_{role}; {SPY}; RESET ROLE; BEGIN")).await.expect("everybody may");
        for subject in SUBJECTS {
            let of_one = Act::OF_ONE_ROW.map(|act| (act, subject.rows[0]));
            for (act, row) in of_one.into_iter().chain(Act::OF_ALL_ROWS.map(|act| (act, ""))) {
                if act != Act::MoveAll || !subject.owner.is_empty() {
                    Cell { subject, role, claims: Claims::InForce, act, row }.try_out(&db).await;
                }
            }
            let seen = db.query_one("SELECT last_value FROM pg_temp.seen", &[]).await.expect("the sequence is there");
            if seen.get::<_, i64>(0) > 0 {
                spied.push(format!("{role} while writing to {}", subject.table));
            }
            db.batch_execute("SELECT setval('pg_temp.seen', 0)").await.expect("the sequence is there");
        }
    }
    assert!(spied.is_empty(), "the owner was spied on by\n{}", spied.join("\n"));
}

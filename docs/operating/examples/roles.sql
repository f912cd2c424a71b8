-- The roles of Bondhouse, in one database. Run by a superuser, once, before the first migration:
--   psql -v ON_ERROR_STOP=1 -1 -d bondhouse -f roles.sql
-- It may be run again at any time, and is what turns an installation of one role into one of four:
-- everything in the schema goes to the owner. Passwords are not set here: \password bondhouse.
--   bondhouse_owner     owns every table and function; nobody logs in as this role
--   bondhouse_app       what the application may do; the migrations grant it
--   bondhouse           the application logs in with it; a member of bondhouse_app and of nothing else
--   bondhouse_migrator  migrations and backups log in with it; may become the owner, is nothing by itself

DO $roles$
DECLARE
  v_thing record;
BEGIN
  FOR v_thing IN
    SELECT wanted.name FROM (VALUES ('bondhouse_owner'), ('bondhouse_app'), ('bondhouse'),
                                    ('bondhouse_migrator')) AS wanted(name)
     WHERE NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = wanted.name)
  LOOP
    EXECUTE format('CREATE ROLE %I', v_thing.name);
  END LOOP;
END
$roles$;

ALTER ROLE bondhouse_owner NOLOGIN INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE bondhouse_app NOLOGIN INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE bondhouse LOGIN INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE bondhouse_migrator LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
GRANT bondhouse_app TO bondhouse;
GRANT bondhouse_owner TO bondhouse_migrator;

DO $owner$
DECLARE
  v_thing record;
BEGIN
  EXECUTE format('ALTER DATABASE %I OWNER TO bondhouse_owner', current_database());
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO bondhouse_app, bondhouse_migrator', current_database());

  -- A schema that came from PostgreSQL 14 or older still lets everybody create in it.
  ALTER SCHEMA public OWNER TO pg_database_owner;
  REVOKE ALL ON SCHEMA public FROM PUBLIC;
  GRANT USAGE ON SCHEMA public TO PUBLIC;

  -- What an extension brought stays with whoever installed it; indexes follow their table.
  FOR v_thing IN
    SELECT format('ALTER TABLE %s OWNER TO bondhouse_owner', c.oid::regclass) AS statement
      FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
       AND c.relowner <> 'bondhouse_owner'::regrole
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                          AND d.objid = c.oid AND d.deptype = 'e')
    UNION ALL
    SELECT format('ALTER ROUTINE %s OWNER TO bondhouse_owner', p.oid::regprocedure)
      FROM pg_proc p
     WHERE p.pronamespace = 'public'::regnamespace AND p.proowner <> 'bondhouse_owner'::regrole
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass
                          AND d.objid = p.oid AND d.deptype = 'e')
  LOOP
    EXECUTE v_thing.statement;
  END LOOP;
END
$owner$;

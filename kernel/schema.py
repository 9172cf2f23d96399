"""The database objects that are not tables: the clock, and the triggers that guard records."""

from typing import Any

from sqlalchemy import Connection, Table, create_mock_engine, text
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from kernel.db import Base, Record

MINIMUM_POSTGRES = 180000

FUNCTIONS = [
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    """
    CREATE TABLE app_clock (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        app_anchor timestamptz NOT NULL,
        real_anchor timestamptz NOT NULL,
        rate double precision NOT NULL CHECK (rate >= 0)
    )
    """,
    "INSERT INTO app_clock VALUES (true, clock_timestamp(), clock_timestamp(), 1)",
    """
    CREATE FUNCTION app_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
        SELECT app_anchor + (clock_timestamp() - real_anchor) * rate FROM app_clock
    $$
    """,
    # FF003: a write that forgot the version would be lost on the next reader.
    """
    CREATE FUNCTION touch_record() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.version <> OLD.version + 1 THEN
            RAISE EXCEPTION '% must raise its version by one with every change', TG_TABLE_NAME
                USING ERRCODE = 'FF003';
        END IF;
        NEW.updated_at := app_now();
        RETURN NEW;
    END $$
    """,
    # FF001: the pairs "from>to" of the lifecycle table are the trigger's arguments.
    """
    CREATE FUNCTION check_move() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        frm text := to_jsonb(OLD) ->> TG_ARGV[0];
        target text := to_jsonb(NEW) ->> TG_ARGV[0];
    BEGIN
        IF frm IS DISTINCT FROM target
           AND NOT (frm || '>' || target = ANY (string_to_array(TG_ARGV[1], ','))) THEN
            RAISE EXCEPTION 'a % that is % cannot become %', TG_TABLE_NAME, frm, target
                USING ERRCODE = 'FF001';
        END IF;
        RETURN NEW;
    END $$
    """,
    # FF002: nobody writes without a name.
    """
    CREATE FUNCTION audit_record() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        who text := current_setting('firstfix.actor', true);
        hidden text[] := string_to_array(TG_ARGV[0], ',') || ARRAY['version', 'updated_at'];
        old_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - hidden END;
        new_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - hidden END;
        changes jsonb;
    BEGIN
        IF coalesce(who, '') = '' THEN
            RAISE EXCEPTION 'a write to % without an actor', TG_TABLE_NAME
                USING ERRCODE = 'FF002';
        END IF;
        IF TG_OP = 'UPDATE' THEN
            SELECT coalesce(jsonb_object_agg(n.key, jsonb_build_array(o.value, n.value)), '{}')
              INTO changes
              FROM jsonb_each(new_row) n JOIN jsonb_each(old_row) o USING (key)
             WHERE n.value IS DISTINCT FROM o.value;
        ELSE
            changes := jsonb_strip_nulls(coalesce(new_row, old_row));
        END IF;
        INSERT INTO audit_entry (actor, why, device_at, request_id, table_name, record_id,
                                 record_version, action, changes)
        VALUES (who,
                nullif(current_setting('firstfix.why', true), ''),
                nullif(current_setting('firstfix.device_at', true), '')::timestamptz,
                nullif(current_setting('firstfix.request_id', true), ''),
                TG_TABLE_NAME,
                CASE WHEN TG_OP = 'DELETE' THEN OLD.id ELSE NEW.id END,
                CASE WHEN TG_OP = 'DELETE' THEN OLD.version ELSE NEW.version END,
                lower(TG_OP), changes);
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'FF004';
    END $$
    """,
]


def record_tables() -> list[Table]:
    """The tables of all Record classes, in order of their names."""
    tables = {
        mapper.local_table for mapper in Base.registry.mappers if issubclass(mapper.class_, Record)
    }
    return sorted((t for t in tables if isinstance(t, Table)), key=lambda table: table.name)


def trigger_statements(table: Table) -> list[str]:
    """The triggers of one record table: version, audit, and the lifecycle where it has one."""
    secret: set[str] = set()
    for mapper in Base.registry.mappers:
        if mapper.local_table is table:
            secret = set(mapper.class_.__audit_secret__)
    statements = [
        f"CREATE TRIGGER touch BEFORE UPDATE ON {table.name}"
        " FOR EACH ROW EXECUTE FUNCTION touch_record()",
        f"CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON {table.name}"
        f" FOR EACH ROW EXECUTE FUNCTION audit_record('{','.join(sorted(secret))}')",
    ]
    if "lifecycle" in table.info:
        column, lifecycle = table.info["lifecycle"]
        pairs = ",".join(f"{frm}>{to}" for frm, to in lifecycle.pairs())
        statements.append(
            f"CREATE TRIGGER legal_move BEFORE UPDATE OF {column} ON {table.name}"
            f" FOR EACH ROW EXECUTE FUNCTION check_move('{column}', '{pairs}')"
        )
    return statements


AUDIT_GUARD = (
    "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry"
    " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
)


def statements() -> list[str]:
    """The whole schema of the present models as SQL, in order."""
    found = [statement.strip() for statement in FUNCTIONS]
    dialect = PGDialect_psycopg()  # type: ignore[no-untyped-call]  # dialects carry no types

    def note(ddl: Any, *_: Any, **__: Any) -> None:
        found.append(str(ddl.compile(dialect=dialect)).strip().replace("%%", "%"))

    Base.metadata.create_all(create_mock_engine("postgresql+psycopg://", note), checkfirst=False)
    for table in record_tables():
        found += trigger_statements(table)
    return [*found, AUDIT_GUARD]


def check_server(connection: Connection) -> None:
    """Raise RuntimeError when the PostgreSQL server is too old."""
    version = int(connection.execute(text("SHOW server_version_num")).scalar_one())
    if version < MINIMUM_POSTGRES:
        raise RuntimeError(f"PostgreSQL 18 or later is needed, this server says {version}")

"""What PostgreSQL holds for us besides tables: put up by the first migration around the tables.

Written by hand, because Django cannot work it out from the models: extensions, text search
configurations, triggers.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db.migrations import CreateModel, RunSQL
from django.db.migrations.operations.base import Operation


class MakeTables(Operation):
    """Many tables at once, which may point at each other.

    Made one by one, each would make Django draw every model anew: most of what an empty database
    waits for.
    """

    serialization_expand_args = ["tables"]

    def __init__(self, tables: list[CreateModel]) -> None:
        self.tables = tables

    def state_forwards(self, app_label: str, state: Any) -> None:
        vars(state).pop("apps", None)
        for each in self.tables:
            each.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        for each in self.tables:
            each.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        for each in reversed(self.tables):
            each.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Make {len(self.tables)} tables"


_AUDIT = """
-- What the digest of an entry covers.
CREATE FUNCTION audit_content(entry community_auditentry) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'number', entry.number,
        'at', to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'action', entry.action, 'by', entry.by_id, 'role', entry.role, 'person', entry.person_id,
        'item', entry.item_id, 'space', entry.space_id, 'reason', entry.reason, 'data', entry.data
    )::text
$$;

CREATE FUNCTION audit_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.number := NULL;
    NEW.previous := NULL;
    NEW.digest := NULL;
    RETURN NEW;
END $$;

-- At the end of the transaction: one writer after the other, each behind the last one's entry.
CREATE FUNCTION audit_seals() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    entry community_auditentry;
    last community_auditentry;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('community_auditentry'));
    SELECT * INTO last FROM community_auditentry
        WHERE number IS NOT NULL ORDER BY number DESC LIMIT 1;
    entry := NEW;
    entry.number := coalesce(last.number, 0) + 1;
    entry.previous := coalesce(last.digest, '');
    UPDATE community_auditentry SET
        number = entry.number,
        previous = entry.previous,
        digest = encode(
            sha256(convert_to(entry.previous || audit_content(entry), 'UTF8')), 'hex')
        WHERE id = NEW.id;
    RETURN NULL;
END $$;

CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.digest IS NULL AND NEW.digest IS NOT NULL AND
            to_jsonb(NEW) - ARRAY['number', 'previous', 'digest'] =
            to_jsonb(OLD) - ARRAY['number', 'previous', 'digest']
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'The audit log is only added to.' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER audit_begins BEFORE INSERT ON community_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_begins();
CREATE CONSTRAINT TRIGGER audit_is_sealed AFTER INSERT ON community_auditentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_seals();
CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE ON community_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_stays();
CREATE TRIGGER audit_is_never_emptied BEFORE TRUNCATE ON community_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_stays();
"""

_NO_AUDIT = """
DROP FUNCTION audit_begins, audit_seals, audit_stays CASCADE;
DROP FUNCTION audit_content;
"""

_SEARCH = """
-- English; Spanish as it is written; Spanish by people whose keyboard has no accents.
CREATE TEXT SEARCH CONFIGURATION tequio_en (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION tequio_en ALTER MAPPING
    FOR asciiword, asciihword, hword_asciipart, word, hword, hword_part
    WITH unaccent, english_stem;
CREATE TEXT SEARCH CONFIGURATION tequio_es (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION tequio_es ALTER MAPPING
    FOR asciiword, asciihword, hword_asciipart, word, hword, hword_part
    WITH spanish_stem;
CREATE TEXT SEARCH CONFIGURATION tequio_es_bare (COPY = tequio_es);
ALTER TEXT SEARCH CONFIGURATION tequio_es_bare ALTER MAPPING
    FOR asciiword, asciihword, hword_asciipart, word, hword, hword_part
    WITH unaccent, spanish_stem;

-- A name to compare names with. Restored from a dump, its index is made before any search path is
-- set: so the function brings its own.
CREATE FUNCTION tequio_bare(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
    SELECT lower(unaccent('unaccent', name))
$$;

-- What is said, stemmed in both languages: people write in both, also within one text.
CREATE FUNCTION tequio_stems(said text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    en tsvector := to_tsvector('tequio_en', said);
    es tsvector := to_tsvector('tequio_es', said);
    bare tsvector := to_tsvector('tequio_es_bare', said);
    stems tsvector := en || ts_delete(es, tsvector_to_array(en));
BEGIN
    RETURN stems || ts_delete(bare, tsvector_to_array(stems));
END $$;

-- The title weighs more than the text. Its stems stand there once more behind a "=", so that the
-- index finds a title without looking at all that merely mentions the word.
CREATE FUNCTION tequio_words(title text, said text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    head tsvector := tequio_stems(title);
BEGIN
    RETURN setweight(head, 'A') || setweight(tequio_stems(said), 'B') || array_to_tsvector(
        ARRAY(SELECT '=' || stem FROM unnest(tsvector_to_array(head)) stem));
END $$;
"""

_NO_SEARCH = """
DROP FUNCTION tequio_words, tequio_stems, tequio_bare;
DROP TEXT SEARCH CONFIGURATION tequio_es_bare;
DROP TEXT SEARCH CONFIGURATION tequio_es;
DROP TEXT SEARCH CONFIGURATION tequio_en;
"""

_ROOMS = """
-- Every space has a room to chat in from the start, whoever makes it and however.
CREATE FUNCTION space_has_a_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO community_room (space_id, kind, is_first) VALUES (NEW.id, 'general', true)
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER space_has_a_room AFTER INSERT ON community_space
    FOR EACH ROW EXECUTE FUNCTION space_has_a_room();
INSERT INTO community_room (space_id, kind, is_first)
    SELECT id, 'general', true FROM community_space ON CONFLICT DO NOTHING;
"""

_NO_ROOMS = "DROP FUNCTION space_has_a_room CASCADE;"

BEFORE: list[Operation] = [TrigramExtension(), UnaccentExtension(), RunSQL(_SEARCH, _NO_SEARCH)]
"""What the tables need when they are made."""

AFTER: list[Operation] = [RunSQL(_AUDIT, _NO_AUDIT), RunSQL(_ROOMS, _NO_ROOMS)]
"""What needs the tables."""

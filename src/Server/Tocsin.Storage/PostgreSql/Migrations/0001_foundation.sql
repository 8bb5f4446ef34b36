-- The numbered event stream, the audit trail, and what every feature leans on.

CREATE TABLE audit_entries (
    seq bigint NOT NULL,
    at bigint NOT NULL,
    actor text NOT NULL,
    actor_name text NOT NULL,
    origin text,
    action text NOT NULL,
    subject text,
    detail text NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT pk_audit_entries PRIMARY KEY (seq)
);

CREATE TABLE events (
    seq bigint NOT NULL,
    at bigint NOT NULL,
    kind text NOT NULL,
    visible_to integer NOT NULL,
    visible_to_person uuid,
    data text NOT NULL,
    CONSTRAINT pk_events PRIMARY KEY (seq)
);

CREATE TABLE idempotency_keys (
    actor text NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    status integer NOT NULL,
    response text,
    created_at bigint NOT NULL,
    CONSTRAINT pk_idempotency_keys PRIMARY KEY (actor, key)
);

CREATE TABLE secrets (
    name text NOT NULL,
    value bytea NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT pk_secrets PRIMARY KEY (name)
);

CREATE TABLE settings (
    key text NOT NULL,
    value text NOT NULL,
    changed_at bigint NOT NULL,
    CONSTRAINT pk_settings PRIMARY KEY (key)
);

CREATE INDEX ix_audit_entries_subject ON audit_entries (subject);

CREATE INDEX ix_idempotency_keys_created_at ON idempotency_keys (created_at);

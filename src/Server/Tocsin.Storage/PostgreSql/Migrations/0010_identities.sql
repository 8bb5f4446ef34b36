-- The directory log: identities and their devices as they were signed, numbered and chained. And identities as their owners sealed them.

CREATE TABLE directory_log (
    number bigint NOT NULL,
    kind integer NOT NULL,
    person_id uuid NOT NULL,
    device uuid,
    entry bytea NOT NULL,
    hash bytea NOT NULL,
    at bigint NOT NULL,
    CONSTRAINT pk_directory_log PRIMARY KEY (number),
    CONSTRAINT fk_directory_log_people_person_id FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE RESTRICT
);

CREATE TABLE identity_backups (
    person_id uuid NOT NULL,
    kind text NOT NULL,
    sealed bytea NOT NULL,
    kept_at bigint NOT NULL,
    CONSTRAINT pk_identity_backups PRIMARY KEY (person_id, kind),
    CONSTRAINT fk_identity_backups_people_person_id FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE RESTRICT
);

CREATE UNIQUE INDEX ix_directory_log_person_id_kind_device ON directory_log (person_id, kind, device);

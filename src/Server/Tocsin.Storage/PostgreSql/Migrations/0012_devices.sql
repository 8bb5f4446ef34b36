-- What passes between two devices of one person while the second is added: for minutes, and nothing that this server can open.

CREATE TABLE device_handovers (
    person_id uuid NOT NULL,
    commitment bytea NOT NULL,
    opened_at bigint NOT NULL,
    ended_at bigint,
    introduction bytea,
    opening bytea,
    sealed bytea,
    CONSTRAINT pk_device_handovers PRIMARY KEY (person_id, commitment),
    CONSTRAINT fk_device_handovers_people_person_id FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE RESTRICT
);

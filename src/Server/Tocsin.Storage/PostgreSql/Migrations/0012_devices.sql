-- What passes between two devices of one person while the second is added, for minutes; and what people call their devices. Nothing of either can be opened here.

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

CREATE TABLE device_names (
    person_id uuid NOT NULL,
    device uuid NOT NULL,
    sealed bytea NOT NULL,
    CONSTRAINT pk_device_names PRIMARY KEY (person_id, device),
    CONSTRAINT fk_device_names_people_person_id FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE RESTRICT
);

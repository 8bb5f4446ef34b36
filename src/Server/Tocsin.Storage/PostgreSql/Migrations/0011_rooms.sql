-- Rooms: their entries as signed and sealed by who wrote them, and what of the entries the server reads to know who may write.

CREATE TABLE rooms (
    id uuid NOT NULL,
    head_seq bigint NOT NULL,
    head_hash bytea NOT NULL,
    roster_seq bigint NOT NULL,
    created_at bigint NOT NULL,
    last_entry_at bigint NOT NULL,
    CONSTRAINT pk_rooms PRIMARY KEY (id)
);

CREATE TABLE room_devices (
    room_id uuid NOT NULL,
    device uuid NOT NULL,
    person_id uuid NOT NULL,
    device_key bytea NOT NULL,
    identity_key bytea NOT NULL,
    last_seq bigint NOT NULL,
    is_revoked boolean NOT NULL,
    CONSTRAINT pk_room_devices PRIMARY KEY (room_id, device),
    CONSTRAINT fk_room_devices_rooms_room_id FOREIGN KEY (room_id) REFERENCES rooms (id) ON DELETE CASCADE
);

CREATE TABLE room_entries (
    room_id uuid NOT NULL,
    seq bigint NOT NULL,
    device uuid NOT NULL,
    entry_id uuid NOT NULL,
    entry bytea NOT NULL,
    chain_hash bytea NOT NULL,
    written_at bigint NOT NULL,
    CONSTRAINT pk_room_entries PRIMARY KEY (room_id, seq),
    CONSTRAINT fk_room_entries_rooms_room_id FOREIGN KEY (room_id) REFERENCES rooms (id) ON DELETE CASCADE
);

CREATE TABLE room_eras (
    room_id uuid NOT NULL,
    number bigint NOT NULL,
    start_seq bigint NOT NULL,
    key_commitment bytea NOT NULL,
    CONSTRAINT pk_room_eras PRIMARY KEY (room_id, number),
    CONSTRAINT fk_room_eras_rooms_room_id FOREIGN KEY (room_id) REFERENCES rooms (id) ON DELETE CASCADE
);

CREATE TABLE room_members (
    room_id uuid NOT NULL,
    person_id uuid NOT NULL,
    signing_key bytea NOT NULL,
    sealing_key_hash bytea NOT NULL,
    is_administrator boolean NOT NULL,
    read_seq bigint NOT NULL,
    CONSTRAINT pk_room_members PRIMARY KEY (room_id, person_id),
    CONSTRAINT fk_room_members_rooms_room_id FOREIGN KEY (room_id) REFERENCES rooms (id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX ix_room_entries_of_device ON room_entries (room_id, device, entry_id);

CREATE INDEX ix_room_members_person_id ON room_members (person_id);

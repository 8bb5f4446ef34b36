-- Rooms that are open to a group of the directory, and who of it asks to come in. Who is in a room stands in its signed entries alone.

CREATE TABLE room_groups (
    room_id uuid NOT NULL,
    group_id uuid NOT NULL,
    opened_at bigint NOT NULL,
    CONSTRAINT pk_room_groups PRIMARY KEY (room_id),
    CONSTRAINT fk_room_groups_rooms_room_id FOREIGN KEY (room_id) REFERENCES rooms (id) ON DELETE CASCADE,
    CONSTRAINT fk_room_groups_groups_group_id FOREIGN KEY (group_id) REFERENCES groups (id) ON DELETE CASCADE
);

CREATE TABLE room_admission_requests (
    room_id uuid NOT NULL,
    person_id uuid NOT NULL,
    requested_at bigint NOT NULL,
    CONSTRAINT pk_room_admission_requests PRIMARY KEY (room_id, person_id),
    CONSTRAINT fk_room_admission_requests_rooms_room_id FOREIGN KEY (room_id) REFERENCES rooms (id) ON DELETE CASCADE
);

CREATE INDEX ix_room_groups_group_id ON room_groups (group_id);

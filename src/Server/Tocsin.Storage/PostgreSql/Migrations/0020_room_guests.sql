-- Guests of rooms: the links by which they ask to be let in, and who asked, is in, or has been. Who is in a room stands in its signed entries alone.
ALTER TABLE room_members ADD COLUMN is_guest boolean NOT NULL DEFAULT FALSE;

CREATE TABLE room_guest_links (
    id uuid NOT NULL,
    room_id uuid NOT NULL,
    created_by uuid NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    guests_left integer NOT NULL,
    revoked_at bigint NULL,
    CONSTRAINT pk_room_guest_links PRIMARY KEY (id),
    CONSTRAINT fk_room_guest_links_rooms_room_id FOREIGN KEY (room_id) REFERENCES rooms (id) ON DELETE CASCADE
);

CREATE TABLE room_guests (
    room_id uuid NOT NULL,
    account uuid NOT NULL,
    link_id uuid NOT NULL,
    request bytea NULL,
    token_hash bytea NULL,
    requested_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    admitted_at bigint NULL,
    ended_at bigint NULL,
    CONSTRAINT pk_room_guests PRIMARY KEY (room_id, account),
    CONSTRAINT fk_room_guests_room_guest_links_link_id FOREIGN KEY (link_id) REFERENCES room_guest_links (id) ON DELETE CASCADE,
    CONSTRAINT fk_room_guests_rooms_room_id FOREIGN KEY (room_id) REFERENCES rooms (id) ON DELETE CASCADE
);

CREATE INDEX ix_room_guest_links_room_id ON room_guest_links (room_id);

CREATE INDEX ix_room_guests_link_id ON room_guests (link_id);

CREATE UNIQUE INDEX ix_room_guests_token_hash ON room_guests (token_hash);

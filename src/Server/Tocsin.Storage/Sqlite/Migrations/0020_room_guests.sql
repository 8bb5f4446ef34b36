-- Guests of rooms: the links by which they ask to be let in, and who asked, is in, or has been. Who is in a room stands in its signed entries alone.
ALTER TABLE "room_members" ADD COLUMN "is_guest" INTEGER NOT NULL DEFAULT 0;

CREATE TABLE "room_guest_links" (
    "id" BLOB NOT NULL CONSTRAINT "pk_room_guest_links" PRIMARY KEY,
    "room_id" BLOB NOT NULL,
    "created_by" BLOB NOT NULL,
    "created_at" INTEGER NOT NULL,
    "expires_at" INTEGER NOT NULL,
    "guests_left" INTEGER NOT NULL,
    "revoked_at" INTEGER NULL,
    CONSTRAINT "fk_room_guest_links_rooms_room_id" FOREIGN KEY ("room_id") REFERENCES "rooms" ("id") ON DELETE CASCADE
);

CREATE TABLE "room_guests" (
    "room_id" BLOB NOT NULL,
    "account" BLOB NOT NULL,
    "link_id" BLOB NOT NULL,
    "request" BLOB NULL,
    "token_hash" BLOB NULL,
    "requested_at" INTEGER NOT NULL,
    "expires_at" INTEGER NOT NULL,
    "admitted_at" INTEGER NULL,
    "ended_at" INTEGER NULL,
    CONSTRAINT "pk_room_guests" PRIMARY KEY ("room_id", "account"),
    CONSTRAINT "fk_room_guests_room_guest_links_link_id" FOREIGN KEY ("link_id") REFERENCES "room_guest_links" ("id") ON DELETE CASCADE,
    CONSTRAINT "fk_room_guests_rooms_room_id" FOREIGN KEY ("room_id") REFERENCES "rooms" ("id") ON DELETE CASCADE
);

CREATE INDEX "ix_room_guest_links_room_id" ON "room_guest_links" ("room_id");

CREATE INDEX "ix_room_guests_link_id" ON "room_guests" ("link_id");

CREATE UNIQUE INDEX "ix_room_guests_token_hash" ON "room_guests" ("token_hash");

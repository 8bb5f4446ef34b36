-- Rooms that are open to a group of the directory, and who of it asks to come in. Who is in a room stands in its signed entries alone.

CREATE TABLE "room_groups" (
    "room_id" BLOB NOT NULL CONSTRAINT "pk_room_groups" PRIMARY KEY,
    "group_id" BLOB NOT NULL,
    "opened_at" INTEGER NOT NULL,
    CONSTRAINT "fk_room_groups_rooms_room_id" FOREIGN KEY ("room_id") REFERENCES "rooms" ("id") ON DELETE CASCADE,
    CONSTRAINT "fk_room_groups_groups_group_id" FOREIGN KEY ("group_id") REFERENCES "groups" ("id") ON DELETE CASCADE
);

CREATE TABLE "room_admission_requests" (
    "room_id" BLOB NOT NULL,
    "person_id" BLOB NOT NULL,
    "requested_at" INTEGER NOT NULL,
    CONSTRAINT "pk_room_admission_requests" PRIMARY KEY ("room_id", "person_id"),
    CONSTRAINT "fk_room_admission_requests_rooms_room_id" FOREIGN KEY ("room_id") REFERENCES "rooms" ("id") ON DELETE CASCADE
);

CREATE INDEX "ix_room_groups_group_id" ON "room_groups" ("group_id");

-- Rooms: their entries as signed and sealed by who wrote them, and what of the entries the server reads to know who may write.

CREATE TABLE "rooms" (
    "id" BLOB NOT NULL CONSTRAINT "pk_rooms" PRIMARY KEY,
    "head_seq" INTEGER NOT NULL,
    "head_hash" BLOB NOT NULL,
    "roster_seq" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "last_entry_at" INTEGER NOT NULL
);

CREATE TABLE "room_devices" (
    "room_id" BLOB NOT NULL,
    "device" BLOB NOT NULL,
    "person_id" BLOB NOT NULL,
    "device_key" BLOB NOT NULL,
    "identity_key" BLOB NOT NULL,
    "last_seq" INTEGER NOT NULL,
    "is_revoked" INTEGER NOT NULL,
    CONSTRAINT "pk_room_devices" PRIMARY KEY ("room_id", "device"),
    CONSTRAINT "fk_room_devices_rooms_room_id" FOREIGN KEY ("room_id") REFERENCES "rooms" ("id") ON DELETE CASCADE
);

CREATE TABLE "room_entries" (
    "room_id" BLOB NOT NULL,
    "seq" INTEGER NOT NULL,
    "device" BLOB NOT NULL,
    "entry_id" BLOB NOT NULL,
    "entry" BLOB NOT NULL,
    "chain_hash" BLOB NOT NULL,
    "written_at" INTEGER NOT NULL,
    CONSTRAINT "pk_room_entries" PRIMARY KEY ("room_id", "seq"),
    CONSTRAINT "fk_room_entries_rooms_room_id" FOREIGN KEY ("room_id") REFERENCES "rooms" ("id") ON DELETE CASCADE
);

CREATE TABLE "room_eras" (
    "room_id" BLOB NOT NULL,
    "number" INTEGER NOT NULL,
    "start_seq" INTEGER NOT NULL,
    "key_commitment" BLOB NOT NULL,
    CONSTRAINT "pk_room_eras" PRIMARY KEY ("room_id", "number"),
    CONSTRAINT "fk_room_eras_rooms_room_id" FOREIGN KEY ("room_id") REFERENCES "rooms" ("id") ON DELETE CASCADE
);

CREATE TABLE "room_members" (
    "room_id" BLOB NOT NULL,
    "person_id" BLOB NOT NULL,
    "signing_key" BLOB NOT NULL,
    "sealing_key_hash" BLOB NOT NULL,
    "is_administrator" INTEGER NOT NULL,
    "read_seq" INTEGER NOT NULL,
    CONSTRAINT "pk_room_members" PRIMARY KEY ("room_id", "person_id"),
    CONSTRAINT "fk_room_members_rooms_room_id" FOREIGN KEY ("room_id") REFERENCES "rooms" ("id") ON DELETE CASCADE
);

CREATE UNIQUE INDEX "ix_room_entries_of_device" ON "room_entries" ("room_id", "device", "entry_id");

CREATE INDEX "ix_room_members_person_id" ON "room_members" ("person_id");

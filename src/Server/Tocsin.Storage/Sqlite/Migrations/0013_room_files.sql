-- Files of rooms, sealed in the browser, part by part as they arrive. What they are called and their keys stand in sealed entries.

CREATE TABLE "room_files" (
    "room_id" BLOB NOT NULL,
    "id" BLOB NOT NULL,
    "person_id" BLOB NOT NULL,
    "size" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "changed_at" INTEGER NOT NULL,
    "entry_seq" INTEGER NULL,
    "is_discarded" INTEGER NOT NULL,
    CONSTRAINT "pk_room_files" PRIMARY KEY ("room_id", "id"),
    CONSTRAINT "fk_room_files_rooms_room_id" FOREIGN KEY ("room_id") REFERENCES "rooms" ("id") ON DELETE CASCADE
);

CREATE INDEX "ix_room_files_person_id" ON "room_files" ("person_id");

CREATE TABLE "room_file_chunks" (
    "room_id" BLOB NOT NULL,
    "file_id" BLOB NOT NULL,
    "number" INTEGER NOT NULL,
    "sealed" BLOB NOT NULL,
    CONSTRAINT "pk_room_file_chunks" PRIMARY KEY ("room_id", "file_id", "number"),
    CONSTRAINT "fk_room_file_chunks_room_files_room_id_file_id" FOREIGN KEY ("room_id", "file_id") REFERENCES "room_files" ("room_id", "id") ON DELETE CASCADE
);

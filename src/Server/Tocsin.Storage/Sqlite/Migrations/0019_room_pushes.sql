-- Notifications of rooms on devices: which entries are still to be told, and for each room and device what it was told and what it waits for. Nothing of what was written.

CREATE TABLE "room_news" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_room_news" PRIMARY KEY AUTOINCREMENT,
    "room_id" BLOB NOT NULL,
    "seq" INTEGER NOT NULL,
    "kind" INTEGER NOT NULL,
    "author_id" BLOB NOT NULL,
    "only_id" BLOB NULL,
    CONSTRAINT "fk_room_news_rooms_room_id" FOREIGN KEY ("room_id") REFERENCES "rooms" ("id") ON DELETE CASCADE
);

CREATE TABLE "room_pushes" (
    "room_id" BLOB NOT NULL,
    "contact_point_id" BLOB NOT NULL,
    "person_id" BLOB NOT NULL,
    "is_muted" INTEGER NOT NULL,
    "kind" INTEGER NOT NULL,
    "seq" INTEGER NOT NULL,
    "priority_seq" INTEGER NOT NULL,
    "told_seq" INTEGER NOT NULL,
    "told_at" INTEGER NULL,
    "repeats" INTEGER NOT NULL,
    "due_at" INTEGER NULL,
    "attempt" INTEGER NOT NULL,
    CONSTRAINT "pk_room_pushes" PRIMARY KEY ("room_id", "contact_point_id"),
    CONSTRAINT "fk_room_pushes_contact_points_contact_point_id" FOREIGN KEY ("contact_point_id") REFERENCES "contact_points" ("id") ON DELETE CASCADE,
    CONSTRAINT "fk_room_pushes_room_members_room_id_person_id" FOREIGN KEY ("room_id", "person_id") REFERENCES "room_members" ("room_id", "person_id") ON DELETE CASCADE
);

CREATE INDEX "ix_room_news_room_id" ON "room_news" ("room_id");

CREATE INDEX "ix_room_pushes_contact_point_id" ON "room_pushes" ("contact_point_id");

CREATE INDEX "ix_room_pushes_room_id_person_id" ON "room_pushes" ("room_id", "person_id");

CREATE INDEX "ix_room_pushes_waiting" ON "room_pushes" ("due_at") WHERE due_at IS NOT NULL;

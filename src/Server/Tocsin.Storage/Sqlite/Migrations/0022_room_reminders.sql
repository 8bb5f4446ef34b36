-- Reminders of tasks: who of a room is to be told when that something is theirs to do, and which of their devices are still to be told. Nothing of what it is.

CREATE TABLE "room_reminders" (
    "room_id" BLOB NOT NULL,
    "reminder_id" BLOB NOT NULL,
    "person_id" BLOB NOT NULL,
    "at" INTEGER NOT NULL,
    "due_at" INTEGER NOT NULL,
    "told" INTEGER NOT NULL,
    CONSTRAINT "pk_room_reminders" PRIMARY KEY ("room_id", "reminder_id"),
    CONSTRAINT "fk_room_reminders_room_members_room_id_person_id" FOREIGN KEY ("room_id", "person_id") REFERENCES "room_members" ("room_id", "person_id") ON DELETE CASCADE
);

CREATE TABLE "room_reminder_pushes" (
    "room_id" BLOB NOT NULL,
    "contact_point_id" BLOB NOT NULL,
    "person_id" BLOB NOT NULL,
    "due_at" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    CONSTRAINT "pk_room_reminder_pushes" PRIMARY KEY ("room_id", "contact_point_id"),
    CONSTRAINT "fk_room_reminder_pushes_contact_points_contact_point_id" FOREIGN KEY ("contact_point_id") REFERENCES "contact_points" ("id") ON DELETE CASCADE,
    CONSTRAINT "fk_room_reminder_pushes_room_members_room_id_person_id" FOREIGN KEY ("room_id", "person_id") REFERENCES "room_members" ("room_id", "person_id") ON DELETE CASCADE
);

CREATE INDEX "ix_room_reminders_due_at" ON "room_reminders" ("due_at");

CREATE INDEX "ix_room_reminders_room_id_person_id" ON "room_reminders" ("room_id", "person_id");

CREATE INDEX "ix_room_reminder_pushes_contact_point_id" ON "room_reminder_pushes" ("contact_point_id");

CREATE INDEX "ix_room_reminder_pushes_due_at" ON "room_reminder_pushes" ("due_at");

CREATE INDEX "ix_room_reminder_pushes_room_id_person_id" ON "room_reminder_pushes" ("room_id", "person_id");

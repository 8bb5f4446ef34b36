-- The directory log: identities and their devices as they were signed, numbered and chained. And identities as their owners sealed them.

CREATE TABLE "directory_log" (
    "number" INTEGER NOT NULL CONSTRAINT "pk_directory_log" PRIMARY KEY,
    "kind" INTEGER NOT NULL,
    "person_id" BLOB NOT NULL,
    "device" BLOB NULL,
    "entry" BLOB NOT NULL,
    "hash" BLOB NOT NULL,
    "at" INTEGER NOT NULL,
    CONSTRAINT "fk_directory_log_people_person_id" FOREIGN KEY ("person_id") REFERENCES "people" ("id") ON DELETE RESTRICT
);

CREATE TABLE "identity_backups" (
    "person_id" BLOB NOT NULL,
    "kind" TEXT NOT NULL,
    "sealed" BLOB NOT NULL,
    "kept_at" INTEGER NOT NULL,
    CONSTRAINT "pk_identity_backups" PRIMARY KEY ("person_id", "kind"),
    CONSTRAINT "fk_identity_backups_people_person_id" FOREIGN KEY ("person_id") REFERENCES "people" ("id") ON DELETE RESTRICT
);

CREATE UNIQUE INDEX "ix_directory_log_person_id_kind_device" ON "directory_log" ("person_id", "kind", "device");

-- Who is told, on contact points that they had before, that a link changed how they are reached. What is settled forgets its address.

CREATE TABLE "contact_change_notices" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_contact_change_notices" PRIMARY KEY AUTOINCREMENT,
    "person_id" BLOB NOT NULL,
    "change" INTEGER NOT NULL,
    "changed_at" INTEGER NOT NULL,
    "masked_address" TEXT NOT NULL,
    "replaced_address" TEXT NULL,
    "channel" INTEGER NOT NULL,
    "address" TEXT NOT NULL,
    "language" INTEGER NOT NULL,
    "state" INTEGER NOT NULL,
    "due_at" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "failure_code" TEXT NULL,
    "expires_at" INTEGER NOT NULL
);

CREATE INDEX "ix_contact_change_notices_changed_at" ON "contact_change_notices" ("changed_at");

CREATE INDEX "ix_contact_change_notices_waiting" ON "contact_change_notices" ("due_at") WHERE state = 0;

-- Messages that administrators had sent to themselves, to see whether a channel works. What is settled forgets its address.

CREATE TABLE "test_messages" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_test_messages" PRIMARY KEY AUTOINCREMENT,
    "person_id" BLOB NOT NULL,
    "asked_by_name" TEXT NOT NULL,
    "asked_at" INTEGER NOT NULL,
    "masked_address" TEXT NOT NULL,
    "settled_at" INTEGER NULL,
    "provider_id" TEXT NULL,
    "provider_message_id" TEXT NULL,
    "arrived_at" INTEGER NULL,
    "channel" INTEGER NOT NULL,
    "address" TEXT NOT NULL,
    "language" INTEGER NOT NULL,
    "state" INTEGER NOT NULL,
    "due_at" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "failure_code" TEXT NULL,
    "expires_at" INTEGER NOT NULL
);

CREATE INDEX "ix_test_messages_asked_at" ON "test_messages" ("asked_at");

CREATE INDEX "ix_test_messages_waiting" ON "test_messages" ("due_at") WHERE state = 0;

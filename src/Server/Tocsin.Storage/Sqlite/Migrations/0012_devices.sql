-- What passes between two devices of one person while the second is added, for minutes; and what people call their devices. Nothing of either can be opened here.

CREATE TABLE "device_handovers" (
    "person_id" BLOB NOT NULL,
    "commitment" BLOB NOT NULL,
    "opened_at" INTEGER NOT NULL,
    "ended_at" INTEGER NULL,
    "introduction" BLOB NULL,
    "opening" BLOB NULL,
    "sealed" BLOB NULL,
    CONSTRAINT "pk_device_handovers" PRIMARY KEY ("person_id", "commitment"),
    CONSTRAINT "fk_device_handovers_people_person_id" FOREIGN KEY ("person_id") REFERENCES "people" ("id") ON DELETE RESTRICT
);

CREATE TABLE "device_names" (
    "person_id" BLOB NOT NULL,
    "device" BLOB NOT NULL,
    "sealed" BLOB NOT NULL,
    CONSTRAINT "pk_device_names" PRIMARY KEY ("person_id", "device"),
    CONSTRAINT "fk_device_names_people_person_id" FOREIGN KEY ("person_id") REFERENCES "people" ("id") ON DELETE RESTRICT
);

-- The working tables and views of one batch, in the order in which they are filled. Each is filled by one
-- class and is then only read, except that CopiedMessages deletes from `admitted` and `rejected`.
-- m is the number of a message in the batch, n the number of an event; both count in plan order from 0
-- and include copies.
CREATE SCHEMA sluice;

-- EventLoader: every message of the batch. id is a hash of the message id; first_n is the first event.
CREATE TABLE sluice.messages (m INTEGER, id UUID, first_n BIGINT);

-- EventLoader: every event that SQL reads. id and content are hashes of the event id and of its normalized JSON;
-- broken lists the rules of admission that it violates. event is its normalized JSON, if the pipeline's SQL reads it.
CREATE TABLE sluice.admitted (n BIGINT, m INTEGER, event_id VARCHAR, event_type VARCHAR, event_time TIMESTAMP,
  message_id VARCHAR, sent_at TIMESTAMP, id UUID, content UUID, broken VARCHAR, detail VARCHAR, event VARCHAR);

-- EventLoader: every event that SQL does not read, for example because it is not JSON.
CREATE TABLE sluice.rejected (n BIGINT, m INTEGER, reason VARCHAR, detail VARCHAR, event_id VARCHAR, text VARCHAR,
  message_id VARCHAR, sent_at TIMESTAMP);

-- EventTables creates the view `events`, and a table "fields TABLE" for each table of the pipeline with fields;
-- EventLoader fills them.

-- CopiedMessages: the messages that were received before, in this batch or in an earlier one.
CREATE TABLE sluice.copies (m INTEGER);

-- ReferenceLoader adds a table for each reference, and DuckDbEngine one for each table of the pipeline.

-- Expectations: the violated rules of each event. place orders them: 0 is admission, then each table in order.
-- detail describes the rules and the values that they evaluated.
CREATE TABLE sluice.broken (n BIGINT, place INTEGER, reasons VARCHAR[], detail VARCHAR);

-- The events with an id that violate no rule.
CREATE VIEW sluice.good AS SELECT n, id, content, sent_at, message_id FROM sluice.admitted
  WHERE id IS NOT NULL AND n NOT IN (SELECT n FROM sluice.broken);

-- RepeatedEvents: the good events' ids that earlier batches loaded, with each content that was loaded.
CREATE TABLE sluice.known (id UUID, content UUID);

-- RepeatedEvents: the ids that several good events have, or that are known.
CREATE TABLE sluice.shared (id UUID);

-- RepeatedEvents: the good events that are not the first with their id; conflict is true if the content differs from
-- that of each loaded event.
CREATE TABLE sluice.repeated (n BIGINT, conflict BOOLEAN);

-- Quarantine: the admitted events that go to quarantine, with all reasons in order.
CREATE TABLE sluice.bad (n BIGINT, reasons VARCHAR[], detail VARCHAR);

-- Quarantine: the events that are removed from every table: those with a violated rule, and repeated ones.
CREATE TABLE sluice.dropped (n BIGINT);

-- QuarantinedTexts: the verbatim text of each event in bad.
CREATE TABLE sluice.texts (n BIGINT, text VARCHAR);

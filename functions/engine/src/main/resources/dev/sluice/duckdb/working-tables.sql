-- The working tables and views of one batch, in the order in which they are filled. Each is filled by one
-- class and is then only read, except that CopiedMessages deletes from `admitted` and `rejected`.
-- m is the number of a message in the batch, n the number of an event; both count in plan order from 0
-- and include copies.
CREATE SCHEMA sluice;

-- EventLoader: every message of the batch. id is a hash of the message id; first_n is the first event.
CREATE TABLE sluice.messages (m INTEGER, id UUID, first_n BIGINT);

-- EventLoader: every event that SQL reads. event is its normalized JSON; id and content are hashes of the
-- event id and of event; broken lists the rules of admission that it violates.
CREATE TABLE sluice.admitted (n BIGINT, m INTEGER, event VARCHAR, event_id VARCHAR, event_type VARCHAR,
  event_time TIMESTAMP, message_id VARCHAR, sent_at TIMESTAMP, id UUID, content UUID, broken VARCHAR, detail VARCHAR);

-- EventLoader: every event that SQL does not read, for example because it is not JSON.
CREATE TABLE sluice.rejected (n BIGINT, m INTEGER, reason VARCHAR, detail VARCHAR, event_id VARCHAR, text VARCHAR,
  message_id VARCHAR, sent_at TIMESTAMP);

-- What the pipeline's SQL reads.
CREATE VIEW events AS SELECT n, event, event_id, event_type, event_time, message_id, sent_at FROM sluice.admitted;

-- CopiedMessages: the messages that were received before, in this batch or in an earlier one.
CREATE TABLE sluice.copies (m INTEGER);

-- ReferenceLoader adds a table for each reference, and DuckDbEngine one for each table of the pipeline.

-- Expectations: the violated rules of each event. place orders them: 0 is admission, then each table in order.
-- detail describes the rules and the values that they evaluated.
CREATE TABLE sluice.broken (n BIGINT, place INTEGER, reasons VARCHAR[], detail VARCHAR);

-- The events with an id that violate no rule.
CREATE VIEW sluice.good AS SELECT n, id, content FROM sluice.admitted
  WHERE id IS NOT NULL AND n NOT IN (SELECT n FROM sluice.broken);

-- RepeatedEvents: the good events' ids that earlier batches loaded, with each content that was loaded.
CREATE TABLE sluice.known (id UUID, content UUID);

-- RepeatedEvents: the ids that several good events have, or that are known. first_n is the event that is
-- loaded; NULL if the id is known.
CREATE TABLE sluice.shared (id UUID, first_n BIGINT);

-- RepeatedEvents: the good events that are not the first with their id.
CREATE TABLE sluice.later (n BIGINT, id UUID, content UUID);

-- RepeatedEvents: the same events; conflict is true if the content differs from the first one's.
CREATE TABLE sluice.repeated (n BIGINT, conflict BOOLEAN);

-- Quarantine: the admitted events that go to quarantine, with all reasons in order.
CREATE TABLE sluice.bad (n BIGINT, reasons VARCHAR[], detail VARCHAR);

-- Quarantine: the events that are removed from every table: those with a violated rule, and repeated ones.
CREATE TABLE sluice.dropped (n BIGINT);

-- QuarantinedTexts: the verbatim text of each event in bad.
CREATE TABLE sluice.texts (n BIGINT, text VARCHAR);

package dev.sluice.model;

import java.util.List;

/// What a search covers: the events, the number of processes, and what may happen.
///
/// @param events the events that are sent, at most [#MAX]
/// @param chunks the number of chunks that may exist at the same time, at most [#MAX]
/// @param perPlan the maximum number of chunks in a plan
/// @param attempts the number of failed attempts after which a plan is halved or its chunk parked;
///   0: never
/// @param poison the set of messages on which every attempt fails
/// @param redelivers whether a deleted message may be delivered again
/// @param deploys whether the pipeline changes once
/// @param references whether there is a reference table, which changes once
record Scenario(
    String name,
    List<Event> events,
    int lanes,
    int ticks,
    int chunks,
    int perPlan,
    int attempts,
    int poison,
    boolean redelivers,
    boolean deploys,
    boolean references) {
  /// The maximum number of messages, of events and of chunks.
  static final int MAX = 3;

  /// An event.
  ///
  /// @param message the number of its message, from 0
  /// @param id event id, or 0 for none
  /// @param content equal for events with equal content
  /// @param isInvalid whether it breaks a rule of the pipeline
  record Event(int message, int id, int content, boolean isInvalid) {}

  /// One lane, two ticks, and two chunks that fit into one plan.
  static Scenario of(String name, Event... events) {
    return new Scenario(name, List.of(events), 1, 2, 2, 2, 0, 0, true, false, false);
  }

  static Event event(int message, int id) {
    return new Event(message, id, 0, false);
  }

  Scenario lanes(int count) {
    return new Scenario(
        name,
        events,
        count,
        ticks,
        chunks,
        perPlan,
        attempts,
        poison,
        redelivers,
        deploys,
        references);
  }

  Scenario ticks(int count) {
    return new Scenario(
        name,
        events,
        lanes,
        count,
        chunks,
        perPlan,
        attempts,
        poison,
        redelivers,
        deploys,
        references);
  }

  Scenario chunks(int atOnce, int inOnePlan) {
    return new Scenario(
        name,
        events,
        lanes,
        ticks,
        atOnce,
        inOnePlan,
        attempts,
        poison,
        redelivers,
        deploys,
        references);
  }

  /// Every attempt at one of `messages` fails. After two failures a plan is halved or its chunk
  /// parked.
  Scenario poisoned(int... messages) {
    return new Scenario(
        name,
        events,
        lanes,
        ticks,
        chunks,
        perPlan,
        2,
        IntSets.of(messages),
        false,
        deploys,
        references);
  }

  Scenario withDeploy() {
    return new Scenario(
        name,
        events,
        lanes,
        ticks,
        chunks,
        perPlan,
        attempts,
        poison,
        redelivers,
        true,
        references);
  }

  Scenario withReferences() {
    return new Scenario(
        name, events, lanes, ticks, chunks, perPlan, attempts, poison, redelivers, deploys, true);
  }

  int messages() {
    return 1 + events.stream().mapToInt(Event::message).max().orElseThrow();
  }

  /// The set of events of a message.
  int eventsOf(int message) {
    int set = 0;
    for (int e = 0; e < events.size(); e++) {
      set |= events.get(e).message() == message ? IntSets.of(e) : 0;
    }
    return set;
  }

  boolean isPoison(int messages) {
    return (poison & messages) != 0;
  }
}

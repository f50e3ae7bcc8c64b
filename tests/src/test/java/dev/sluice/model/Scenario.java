package dev.sluice.model;

import java.util.List;

/// A small world to search: what is sent, how many processes there are, and what may happen.
///
/// @param events what the producer sends, at most [#MOST]
/// @param chunks how many chunks may exist at once, at most [#MOST]
/// @param perPlan how many chunks fit into one plan
/// @param attempts after how many attempts a plan is halved or parked; 0 for never
/// @param poison the messages that every attempt dies of, a set
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
  /// The most messages, events and chunks.
  static final int MOST = 3;

  /// One event of one message.
  ///
  /// @param message which carries it, from 0
  /// @param id the event's own, or 0 for none
  /// @param content differs where the events' contents do
  /// @param bad whether it breaks a rule of the pipeline
  record Event(int message, int id, int content, boolean bad) {}

  /// One lane and two ticks over two chunks that fit into one plan.
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

  /// Two attempts are enough to give up, and every attempt at one of `messages` dies.
  Scenario poisoned(int... messages) {
    return new Scenario(
        name,
        events,
        lanes,
        ticks,
        chunks,
        perPlan,
        2,
        Sets.of(messages),
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

  /// The events of one message, a set.
  int eventsOf(int message) {
    int set = 0;
    for (int e = 0; e < events.size(); e++) {
      set |= events.get(e).message() == message ? Sets.of(e) : 0;
    }
    return set;
  }

  boolean isPoison(int messages) {
    return (poison & messages) != 0;
  }
}

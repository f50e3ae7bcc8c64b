package dev.sluice.simulation;

import dev.sluice.bucket.Bucket;
import dev.sluice.deadline.Deadline;
import dev.sluice.engine.Engine;
import dev.sluice.extract.Lane;
import dev.sluice.extract.StagedLimit;
import dev.sluice.ledger.Ledger;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.queue.MessageSource;
import dev.sluice.simulatedaws.Request;
import dev.sluice.simulatedaws.Response;
import dev.sluice.tick.Executions;

/// A defect that is injected into the stages: it replaces a port, a request or a response, so that
/// the stages behave as if the product had the defect. Methods that are not overridden change
/// nothing.
interface Defect {
  Defect NONE = new Defect() {};

  default Request request(Request request) {
    return request;
  }

  default Response response(Request request, Response response) {
    return response;
  }

  default MessageSource source(MessageSource source) {
    return source;
  }

  default Bucket bucket(Bucket bucket) {
    return bucket;
  }

  /// The share of a lane as Extract sees it.
  default Lane lane(Lane lane) {
    return lane;
  }

  /// The ledger as the stages see it.
  ///
  /// @param scheduler for a defect that waits
  default Ledger ledger(Ledger ledger, Bucket bucket, Scheduler scheduler) {
    return ledger;
  }

  /// The ledger as the start of a tick sees it when it looks for work.
  default Ledger scheduled(Ledger ledger) {
    return ledger;
  }

  default Executions executions(Executions executions) {
    return executions;
  }

  default StagedLimit limit(StagedLimit limit) {
    return limit;
  }

  /// The deadline of a function as Transform and the AWS clients see it.
  default Deadline deadline(Deadline deadline) {
    return deadline;
  }

  /// The pipeline as Transform sees it.
  default Pipeline pipeline(Pipeline pipeline) {
    return pipeline;
  }

  default Engine engine(Engine engine) {
    return engine;
  }

  /// Combines this defect with the other one.
  default Defect and(Defect other) {
    return new Both(this, other);
  }

  /// Two defects together.
  record Both(Defect first, Defect second) implements Defect {
    @Override
    public Request request(Request request) {
      return second.request(first.request(request));
    }

    @Override
    public Response response(Request request, Response response) {
      return second.response(request, first.response(request, response));
    }

    @Override
    public MessageSource source(MessageSource source) {
      return second.source(first.source(source));
    }

    @Override
    public Lane lane(Lane lane) {
      return second.lane(first.lane(lane));
    }

    @Override
    public Bucket bucket(Bucket bucket) {
      return second.bucket(first.bucket(bucket));
    }

    @Override
    public Ledger ledger(Ledger ledger, Bucket bucket, Scheduler scheduler) {
      return second.ledger(first.ledger(ledger, bucket, scheduler), bucket, scheduler);
    }

    @Override
    public Ledger scheduled(Ledger ledger) {
      return second.scheduled(first.scheduled(ledger));
    }

    @Override
    public Executions executions(Executions executions) {
      return second.executions(first.executions(executions));
    }

    @Override
    public StagedLimit limit(StagedLimit limit) {
      return second.limit(first.limit(limit));
    }

    @Override
    public Deadline deadline(Deadline deadline) {
      return second.deadline(first.deadline(deadline));
    }

    @Override
    public Pipeline pipeline(Pipeline pipeline) {
      return second.pipeline(first.pipeline(pipeline));
    }

    @Override
    public Engine engine(Engine engine) {
      return second.engine(first.engine(engine));
    }
  }
}

package dev.sluice.torture;

import dev.sluice.bucket.Bucket;
import dev.sluice.cloud.Request;
import dev.sluice.cloud.Response;
import dev.sluice.extract.MessageSource;
import dev.sluice.ledger.Ledger;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.transform.Engine;

/// A mistake that the code does not make, made for it: by a port or a message that is not what the
/// stages think. Everything that is not overridden is as it should be.
interface Bug {
  Bug NONE = new Bug() {};

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

  /// The ledger as the stages see it.
  ///
  /// @param turns for a mistake that takes its time
  default Ledger ledger(Ledger ledger, Bucket bucket, Turns turns) {
    return ledger;
  }

  /// The pipeline as Transform sees it.
  default Pipeline pipeline(Pipeline pipeline) {
    return pipeline;
  }

  default Engine engine(Engine engine) {
    return engine;
  }

  /// This mistake, and `other` on top of it.
  default Bug and(Bug other) {
    return new Both(this, other);
  }

  /// Two mistakes at once.
  record Both(Bug first, Bug second) implements Bug {
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
    public Bucket bucket(Bucket bucket) {
      return second.bucket(first.bucket(bucket));
    }

    @Override
    public Ledger ledger(Ledger ledger, Bucket bucket, Turns turns) {
      return second.ledger(first.ledger(ledger, bucket, turns), bucket, turns);
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

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
}

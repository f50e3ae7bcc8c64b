package dev.sluice.aws;

import dev.sluice.deadline.Deadline;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/// Limits the time of each call of a service, so that a function reports a slow service before it
/// is killed.
///
/// @param attempt the maximum time of one try
/// @param call the maximum time of a call, with all its tries
/// @param left how much time a call may take before the deadline
record CallTimeouts(Duration attempt, Duration call, Function<Deadline, Duration> left) {
  /// Chunks and Parquet files. A try transfers hundreds of megabytes. No call takes time from the
  /// reserve.
  static final CallTimeouts S3 =
      new CallTimeouts(Duration.ofSeconds(20), Duration.ofSeconds(50), Deadline::beforeReserve);

  /// Small requests. A call may be one of the last, which report a failure: at least two more must
  /// be possible.
  static final CallTimeouts DYNAMODB =
      new CallTimeouts(Duration.ofSeconds(3), Duration.ofSeconds(10), CallTimeouts::oneThird);

  /// The service itself waits for a second when the queue is empty.
  static final CallTimeouts SQS =
      new CallTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(12), CallTimeouts::oneThird);

  /// The last call of Extract.
  static final CallTimeouts STEP_FUNCTIONS =
      new CallTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(12), CallTimeouts::oneThird);

  private static Duration oneThird(Deadline deadline) {
    return deadline.remaining().dividedBy(3);
  }

  /// Sets the timeouts of each request.
  ExecutionInterceptor until(Deadline deadline) {
    return new ExecutionInterceptor() {
      @Override
      public SdkRequest modifyRequest(
          Context.ModifyRequest context, ExecutionAttributes attributes) {
        return context.request() instanceof AwsRequest request
            ? limited(request, left.apply(deadline))
            : context.request();
      }

      @Override
      public Optional<InputStream> modifyHttpResponseContent(
          Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
        return context.responseBody().map(InterruptibleStream::new);
      }
    };
  }

  private AwsRequest limited(AwsRequest request, Duration left) {
    if (!left.isPositive()) {
      throw SdkClientException.create("the function has no time left for this call");
    }
    AwsRequestOverrideConfiguration.Builder settings =
        request
            .overrideConfiguration()
            .map(AwsRequestOverrideConfiguration::toBuilder)
            .orElseGet(AwsRequestOverrideConfiguration::builder);
    return request.toBuilder()
        .overrideConfiguration(
            settings
                .apiCallTimeout(smaller(call, left))
                .apiCallAttemptTimeout(smaller(attempt, left))
                .build())
        .build();
  }

  /// The body of a response. The SDK interrupts the thread when the time is up, but a body that
  /// arrives slowly could still be read to its end.
  private static final class InterruptibleStream extends FilterInputStream {
    InterruptibleStream(InputStream body) {
      super(body);
    }

    @Override
    public int read() throws IOException {
      checkTime();
      return super.read();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      checkTime();
      return super.read(buffer, offset, length);
    }

    private static void checkTime() throws IOException {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("the time for the call is up");
      }
    }
  }

  private static Duration smaller(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}

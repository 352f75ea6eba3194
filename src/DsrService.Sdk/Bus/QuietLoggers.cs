using Microsoft.Extensions.Logging;

namespace DsrService.Sdk.Bus;

/// <summary>Without MassTransit's lines about single messages: what became of each is told by whoever sent or handled it.</summary>
internal sealed class QuietLoggers(ILoggerFactory loggers) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new Quiet(loggers.CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private sealed class Quiet(ILogger log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => log.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => log.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (state is not IReadOnlyList<KeyValuePair<string, object?>> values || !AboutOneMessage(values))
                log.Log(logLevel, eventId, state, exception, formatter);
        }

        // SEND, RECEIVE, S-FAULT, R-FAULT and their like.
        private static bool AboutOneMessage(IReadOnlyList<KeyValuePair<string, object?>> values) =>
            values.Count > 1 && values[0].Key is "InputAddress" or "DestinationAddress" && values[1].Key is "MessageId";
    }
}

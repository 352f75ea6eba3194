using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using DsrService.Sdk.Contracts;
using MassTransit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Polly;

namespace DsrService.Sdk.Bus;

/// <summary>A bus that carries the contracts as raw JSON: in memory within one process, or RabbitMQ. It only carries; it
/// promises nothing that outlives it.
/// <para>It is built outside the container, so a program may have a MassTransit of its own beside it, and MassTransit's
/// usage telemetry, which lives in the container, has no part in it.</para></summary>
public sealed class DsrBus : IAsyncDisposable
{
    private static readonly ResiliencePipeline Again = new ResiliencePipelineBuilder()
        .AddRetry(new()
        {
            MaxRetryAttempts = 12,
            Delay = TimeSpan.FromMilliseconds(500),
            MaxDelay = TimeSpan.FromSeconds(40),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
        })
        .Build();

    // Asking costs more than sending does.
    private const int LookAgainAfterMilliseconds = 100;

    private static readonly TimeSpan StartAgainAfter = TimeSpan.FromSeconds(5);

    private readonly Func<IBusControl> make;
    private readonly ILogger log;
    private readonly bool rabbit;
    private readonly Lock gate = new();
    private readonly List<Action<IBusControl>> receivers = [];
    private readonly ConcurrentDictionary<string, bool> queues = [];
    private readonly ConcurrentDictionary<string, Task<ISendEndpoint>> endpoints = [];
    private readonly CancellationTokenSource stopping = new();
    private readonly IPipe<SendContext> addressing;
    private IBusControl control;
    private Task? started;
    private bool running;
    private volatile bool connected;
    private long lookedAt = long.MinValue / 2;
    private bool stopped;

    private DsrBus(Func<IBusControl> make, string? userName, ILoggerFactory? loggers)
    {
        this.make = () => Logging(loggers, make);
        control = this.make();
        UserName = userName;
        rabbit = userName is not null;
        addressing = Pipe.Execute<SendContext>(Address);
        log = (loggers ?? NullLoggerFactory.Instance).CreateLogger<DsrBus>();
    }

    /// <summary>The broker account it signs in with; null in memory, where nobody vouches for senders.</summary>
    public string? UserName { get; }

    /// <summary>Whether any of the queues received from is connected; always true in memory and where there is none. It may
    /// lag a little, so it is for those who can try again later and would rather not wait.</summary>
    public bool IsConnected
    {
        get
        {
            if (!rabbit || !running)
                return !rabbit;
            var now = Environment.TickCount64;
            if (now - Volatile.Read(ref lookedAt) < LookAgainAfterMilliseconds)
                return connected;
            var own = control.CheckHealth().Endpoints.Values
                .Where(endpoint => queues.ContainsKey(endpoint.InputAddress.Segments[^1])).ToList();
            connected = own.Count == 0 || own.Exists(endpoint => endpoint.Status is BusHealthStatus.Healthy);
            Volatile.Write(ref lookedAt, now);
            return connected;
        }
    }

    /// <summary>A bus within this process. Sender and receiver must share the one object.</summary>
    public static DsrBus InMemory(ILoggerFactory? loggers = null) =>
        new(() => MassTransit.Bus.Factory.CreateUsingInMemory(_ => { }), null, loggers);

    /// <summary>A bus over RabbitMQ 3.10 or newer.</summary>
    /// <param name="address">Such as <c>amqp://user:password@host:5672/vhost</c>, or <c>amqps://</c> for TLS.</param>
    /// <param name="loggers">Where to log. Addresses are logged without their credentials.</param>
    public static DsrBus OverRabbitMq(Uri address, ILoggerFactory? loggers = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        var secure = address.Scheme is "amqps";
        var user = address.UserInfo.Split(':', 2) is [var name, var password]
            ? (Name: Uri.UnescapeDataString(name), Password: Uri.UnescapeDataString(password))
            : throw new ArgumentException("The address needs a user and a password.", nameof(address));
        var port = address.IsDefaultPort || address.Port < 0 ? (secure ? 5671 : 5672) : address.Port;
        var virtualHost = address.AbsolutePath.Trim('/') is { Length: > 0 } path ? Uri.UnescapeDataString(path) : "/";
        return new(() => MassTransit.Bus.Factory.CreateUsingRabbitMq(bus =>
            bus.Host(address.Host, (ushort)port, virtualHost, host =>
            {
                host.Username(user.Name);
                host.Password(user.Password);
                if (secure)
                    host.UseSsl(ssl => ssl.ServerName = address.Host);
            })), user.Name, loggers);
    }

    /// <summary>Connects, in the background and as often as it takes; returns at once. Calling it again does nothing.</summary>
    public void Start() => started ??= Task.Run(async () =>
    {
        // MassTransit itself waits for a broker that is away, and gives up on one that refuses the account.
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await control.StartAsync(stopping.Token);
                ConnectReceivers();
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                log.LogError("The bus could not be started as {UserName}: {Exception}", UserName, exception.GetType().FullName);
                MakeAnew();
            }
            catch (OperationCanceledException)
            {
            }
            await Task.WhenAny(Task.Delay(StartAgainAfter, stopping.Token));
        }
    });

    /// <summary>Receives messages of one type from a queue of their own, which is made if it is not there: durable and, on
    /// RabbitMQ, a quorum queue.</summary>
    /// <param name="queue">Name of the queue and of the exchange in front of it.</param>
    /// <param name="atOnce">How many messages are handled at the same time.</param>
    /// <param name="handle">Handles one message. If it throws it is called again, after longer and longer pauses, for some
    /// five minutes; then the message is dropped, since the rows behind it are asked about again anyway. A message whose
    /// handling was cancelled is delivered again.</param>
    public void Receive<T>(string queue, int atOnce, Func<ReceivedMessage<T>, CancellationToken, Task> handle) where T : class
    {
        queues[queue] = true;
        lock (gate)
        {
            receivers.Add(Connect);
            if (!rabbit || running)
                Connect(control);
        }

        void Connect(IBusControl bus) => bus.ConnectReceiveEndpoint(queue, endpoint =>
        {
            endpoint.ConfigureConsumeTopology = false;
            endpoint.PublishFaults = false;
            endpoint.ClearSerialization();
            endpoint.AddSerializer(RawJson.Instance);
            endpoint.AddDeserializer(RawJson.Instance, isDefault: true);
            endpoint.RethrowFaultedMessages();
            endpoint.DiscardSkippedMessages();
            endpoint.PrefetchCount = atOnce * 2;
            endpoint.ConcurrentMessageLimit = atOnce;
            if (endpoint is IRabbitMqReceiveEndpointConfigurator quorum)
                quorum.SetQuorumQueue();
            endpoint.Handler<RawJson.Bytes>(context => HandleAsync(queue, context, handle));
        });
    }

    /// <summary>Sends one message to the exchange in front of a queue, and returns when the broker has it safe. Waits for a
    /// broker that is away.</summary>
    /// <param name="exchange">Name of the exchange; queue and exchange have the same name.</param>
    /// <param name="message">The message.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="UndeliverableException">No queue takes it, or the broker refused it.</exception>
    public async Task SendAsync<T>(string exchange, T message, CancellationToken cancel) where T : class
    {
        if (!rabbit && !queues.ContainsKey(exchange))
            throw new UndeliverableException(exchange, null);
        try
        {
            var endpoint = await endpoints.GetOrAdd(exchange, name => control.GetSendEndpoint(new($"exchange:{name}")));
            await endpoint.Send(message, addressing, cancel);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            endpoints.TryRemove(exchange, out _);
            throw new UndeliverableException(exchange, exception);
        }
    }

    private void Address(SendContext context)
    {
        context.Serializer = RawJson.Instance;
        if (!context.TryGetPayload(out RabbitMqSendContext? broker))
            return;
        broker.Mandatory = true;
        broker.BasicProperties.UserId = UserName;
    }

    /// <summary>Stops receiving and sending; messages not finished are delivered again to whoever comes next. Calling it
    /// again does nothing.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref stopped, true))
            return;
        await stopping.CancelAsync();
        if (started is null)
            return;
        await started;
        await control.StopAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>Stops it.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stopping.Dispose();
    }

    // A receiver that the broker refuses once is dead: RabbitMQ has to have taken the account first.
    private void ConnectReceivers()
    {
        lock (gate)
        {
            running = true;
            if (!rabbit)
                return;
            foreach (var connect in receivers)
                connect(control);
        }
    }

    // One that failed to start cannot be started again.
    private void MakeAnew()
    {
        control = make();
        endpoints.Clear();
    }

    // A bus keeps the log that is current where it is made.
    private static IBusControl Logging(ILoggerFactory? loggers, Func<IBusControl> make)
    {
        var before = LogContext.Current;
        LogContext.ConfigureCurrentLogContext(loggers is null ? null : new QuietLoggers(loggers));
        try
        {
            return make();
        }
        finally
        {
            LogContext.Current = before;
        }
    }

    private async Task HandleAsync<T>(
        string queue, ConsumeContext<RawJson.Bytes> context, Func<ReceivedMessage<T>, CancellationToken, Task> handle)
        where T : class
    {
        T? message = null;
        try
        {
            message = JsonSerializer.Deserialize<T>(context.Message.Body, DsrJson.Options);
        }
        catch (JsonException)
        {
        }
        if (message is null)
        {
            log.LogError("A message on {Queue} is not a {Type}; it was dropped", queue, typeof(T).Name);
            return;
        }
        var sender = context.ReceiveContext.TryGetPayload(out RabbitMqBasicConsumeContext? broker) ? broker.Properties.UserId : null;
        ReceivedMessage<T> received = new(message, sender);
        try
        {
            await handle(received, stopping.Token);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            await HandleAgainAsync(queue, received, handle, exception);
        }
    }

    // Nearly all are handled the first time, and the pipeline costs as much as many a handler does.
    private async Task HandleAgainAsync<T>(
        string queue, ReceivedMessage<T> received, Func<ReceivedMessage<T>, CancellationToken, Task> handle, Exception first)
    {
        Exception? failed = first;
        try
        {
            await Again.ExecuteAsync(async cancel =>
            {
                try
                {
                    if (Interlocked.Exchange(ref failed, null) is { } known)
                        ExceptionDispatchInfo.Throw(known);
                    await handle(received, cancel);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    log.LogError("Handling a {Type} from {Queue} failed with {Exception}\n{Where}",
                        typeof(T).Name, queue, exception.GetType().FullName, exception.StackTrace);
                    throw;
                }
            }, stopping.Token);
        }
        catch (Exception exception) when (exception is not OperationCanceledException && !stopping.IsCancellationRequested)
        {
            log.LogError("A {Type} from {Queue} was dropped", typeof(T).Name, queue);
        }
    }
}

/// <summary>A message as it came.</summary>
/// <param name="Message">The message.</param>
/// <param name="Sender">The account the broker vouches for; null if the sender did not ask it to, and always in memory.</param>
public sealed record ReceivedMessage<T>(T Message, string? Sender);

/// <summary>A message found no queue or no broker. Nothing was sent; the sender tries again later.</summary>
/// <param name="exchange">Where it should have gone.</param>
/// <param name="inner">What the transport said; null if there is no such queue.</param>
public sealed class UndeliverableException(string exchange, Exception? inner)
    : Exception($"Nothing takes messages for {exchange} now.", inner);

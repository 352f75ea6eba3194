using System.Diagnostics;
using System.Globalization;
using MassTransit;

namespace DsrService.Benchmarks;

/// <summary>A message of a task's size to one of ten quorum queues and an answer of a receipt's size to another: what the
/// library and the broker cost without a service.</summary>
internal static class BareEcho
{
    /// <summary>Messages that a queue's receiver takes at once.</summary>
    public const int AtOnce = 16;

    private const int InFlight = 256;
    private const int WarmUp = 20_000;

    /// <summary>Round trips a second.</summary>
    public static async Task<double> RunAsync(Uri broker, int count, int queues)
    {
        var user = broker.UserInfo.Split(':');
        var payload = new string('x', 900);
        var answered = 0;
        var goal = WarmUp;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var window = new SemaphoreSlim(InFlight);
        var bus = Bus.Factory.CreateUsingRabbitMq(configure =>
        {
            configure.Host(broker.Host, (ushort)broker.Port, "/", host =>
            {
                host.Username(user[0]);
                host.Password(user[1]);
            });
            configure.UseRawJsonSerializer(RawSerializerOptions.AnyMessageType, isDefault: true);
            for (var at = 0; at < queues; at++)
                configure.ReceiveEndpoint(string.Create(CultureInfo.InvariantCulture, $"echo-{at}"), endpoint =>
                {
                    endpoint.ConfigureConsumeTopology = false;
                    endpoint.SetQuorumQueue();
                    endpoint.PrefetchCount = AtOnce;
                    endpoint.Handler<Question>(async context =>
                        await (await context.GetSendEndpoint(new Uri("exchange:echo-answers"))).Send(new Reply { Id = context.Message.Id, Text = context.Message.Text[..400] }));
                });
            configure.ReceiveEndpoint("echo-answers", endpoint =>
            {
                endpoint.ConfigureConsumeTopology = false;
                endpoint.SetQuorumQueue();
                endpoint.PrefetchCount = 32;
                endpoint.Handler<Reply>(_ =>
                {
                    window.Release();
                    if (Interlocked.Increment(ref answered) == goal)
                        all.TrySetResult();
                    return Task.CompletedTask;
                });
            });
        });
        await bus.StartAsync();
        await SendAsync(WarmUp);
        (answered, goal, all) = (0, count, new(TaskCreationOptions.RunContinuationsAsynchronously));
        var watch = Stopwatch.StartNew();
        await SendAsync(count);
        var rate = count / watch.Elapsed.TotalSeconds;
        await bus.StopAsync();
        return rate;

        async Task SendAsync(int messages)
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, messages), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (at, cancel) =>
            {
                await window.WaitAsync(cancel);
                var endpoint = await bus.GetSendEndpoint(new Uri(string.Create(CultureInfo.InvariantCulture, $"exchange:echo-{at % queues}")));
                await endpoint.Send(new Question { Id = Guid.CreateVersion7(), Text = payload }, cancel);
            });
            await all.Task;
        }
    }

    public sealed record Question
    {
        public required Guid Id { get; init; }
        public required string Text { get; init; }
    }

    public sealed record Reply
    {
        public required Guid Id { get; init; }
        public required string Text { get; init; }
    }
}

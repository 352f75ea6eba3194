using DsrService.Benchmarks;

var scale = args.Contains("--quick") ? 0.1 : 1;
switch (args.FirstOrDefault())
{
    case "intake":
        await IntakeBenchmark.RunAsync(scale);
        return 0;
    case "fanout":
        await FanoutBenchmark.RunAsync(args);
        return 0;
    case FanoutBenchmark.Raw:
        await FanoutBenchmark.RunRawAsync(scale);
        return 0;
    case FanoutBenchmark.Service:
        await FanoutBenchmark.RunServiceAsync(scale);
        return 0;
    case "vendor":
        await FanoutBenchmark.RunVendorAsync(scale);
        return 0;
    case "access":
        await AccessBenchmark.RunAsync(scale);
        return 0;
    default:
        await Console.Error.WriteLineAsync("intake|fanout|vendor|access [--quick]: starts its own Postgres and RabbitMQ, ends with NAME: X/s, raw Y/s, ratio R");
        return 2;
}

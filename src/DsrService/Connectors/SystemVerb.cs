using System.CommandLine;
using DsrService.Audit;
using DsrService.Connectors.Sql;
using DsrService.DataMap;
using DsrService.Hosting;

namespace DsrService.Connectors;

/// <summary>The verb <c>system</c>: the credentials of connected systems.</summary>
internal static class SystemVerb
{
    public static Command Command() =>
        new("system", "Gives connected systems their credentials, and checks them") { Add(), Rotate(), CheckSystem.Command(), CheckSql() };

    private static Command Add()
    {
        var key = new Argument<string>("system") { Description = "controller/system, as the data map names them" };
        var address = new Option<string?>("--address") { Description = "Where tasks are pushed to (http and opendsr bindings)" };
        var authorization = new Option<FileInfo?>("--authorization-file") { Description = "File with what a peer asks for in the header Authorization (opendsr binding)" };
        var certificates = new Option<FileInfo?>("--certificates") { Description = "PEM file of the certificates a peer may sign with (opendsr binding)" };
        var replace = new Option<bool>("--replace") { Description = "Gives new credentials in place of the old, which end at once" };
        var command = new Command("add", "Prints a system's token, webhook secret and sealing key, once") { key, address, authorization, certificates, replace };
        command.SetAction(async (parsed, cancel) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (parsed.GetValue(key)!.Split('/') is not [var controller, var system])
            {
                await error.WriteLineAsync("system: controller/system, such as toontrack/webshop.");
                return 1;
            }
            await using var app = ServiceHost.CreateBuilder([]).Build();
            await using var scope = app.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<LoadDataMaps>().HandleAsync(cancel);
            var added = await scope.ServiceProvider.GetRequiredService<AddSystem>()
                .HandleAsync(new(controller, system, parsed.GetValue(address), parsed.GetValue(replace),
                    await TextAsync(parsed.GetValue(authorization), cancel), await TextAsync(parsed.GetValue(certificates), cancel)), cancel);
            if (added.Failed)
            {
                await error.WriteLineAsync($"{added.Failure.Code}: {added.Failure.Message}");
                return 1;
            }
            await output.WriteLineAsync($"token {added.Value.Token}");
            await output.WriteLineAsync($"webhook-secret {added.Value.WebhookSecret}");
            await output.WriteLineAsync($"sealing-key {added.Value.SealingKey}");
            return 0;
        });
        return command;
    }

    private static Command Rotate()
    {
        var key = new Argument<string>("system") { Description = "controller/system, as the data map names them" };
        var hours = new Option<int>("--overlap-hours") { Description = "How long pushes carry the former signature too; 0 ends the former at once", DefaultValueFactory = _ => RotateWebhookSecret.UsualHours };
        var command = new Command("rotate", "Prints a new webhook secret, once; until the overlap ends pushes are signed with both") { key, hours };
        command.SetAction(async (parsed, cancel) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (parsed.GetValue(key)!.Split('/') is not [var controller, var system])
            {
                await error.WriteLineAsync("system: controller/system, such as toontrack/webshop.");
                return 1;
            }
            await using var app = ServiceHost.CreateBuilder([]).Build();
            await using var scope = app.Services.CreateAsyncScope();
            var rotated = await scope.ServiceProvider.GetRequiredService<RotateWebhookSecret>()
                .HandleAsync(controller, system, new(parsed.GetValue(hours)), AuditLog.Service, cancel);
            if (rotated.Failed)
            {
                await error.WriteLineAsync($"{rotated.Failure.Code}: {rotated.Failure.Message}");
                return 1;
            }
            await output.WriteLineAsync($"webhook-secret {rotated.Value.WebhookSecret}");
            await output.WriteLineAsync(rotated.Value.FormerUntil is { } until ? $"former-until {until.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}" : "former-ended");
            return 0;
        });
        return command;
    }

    private static Command CheckSql()
    {
        var key = new Argument<string>("system") { Description = "controller/system, as the data map names them" };
        var command = new Command("check-sql", "Holds the mapping of a database against the data map and the live schema") { key };
        command.SetAction(async (parsed, cancel) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (parsed.GetValue(key)!.Split('/') is not [var controller, var system])
            {
                await error.WriteLineAsync("system: controller/system, such as toontrack/service-log.");
                return 1;
            }
            await using var app = ServiceHost.CreateBuilder([]).Build();
            await using (var scope = app.Services.CreateAsyncScope())
                await scope.ServiceProvider.GetRequiredService<LoadDataMaps>().HandleAsync(cancel);
            var state = await app.Services.GetRequiredService<SqlSystems>().FindAsync(controller, system, cancel);
            foreach (var warning in state.Warnings)
                await output.WriteLineAsync($"{warning} (a warning)");
            foreach (var problem in state.Problems)
                await error.WriteLineAsync(problem.ToString());
            await (state.Problem is null ? output : error).WriteLineAsync(state.Problem ?? $"{controller}/{system}: the mapping fits.");
            return state.Problem is null ? 0 : 1;
        });
        return command;
    }

    private static async Task<string?> TextAsync(FileInfo? file, CancellationToken cancel) =>
        file is null ? null : (await File.ReadAllTextAsync(file.FullName, cancel)).Trim();
}

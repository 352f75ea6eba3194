using System.CommandLine;
using System.Globalization;
using DsrService.DataMap;
using DsrService.Sdk;
using DsrService.Sdk.Conformance;
using DsrService.Sdk.Contracts;
using DsrService.Sdk.Http;

namespace DsrService.Connectors;

/// <summary>The verb <c>system check</c>: the conformance run against any system that takes pushed tasks, whatever language it is
/// written in. Needs no database.</summary>
internal static class CheckSystem
{
    private const string SecretVariable = "DSR_SYSTEM_SECRET";
    private const string TokenVariable = "DSR_SYSTEM_TOKEN";

    private static readonly Argument<string> System = new("system") { Description = "controller/system, as its tasks name it" };
    private static readonly Option<Uri> Url = new("--url") { Description = "Where the system takes tasks", Required = true, CustomParser = Address };
    private static readonly Option<string> Secret = new("--secret") { Description = $"Its webhook secret (whsec_…); other users of the machine see it here, so rather --secret-file or {SecretVariable}" };
    private static readonly Option<FileInfo?> SecretFile = new("--secret-file") { Description = "File that holds the webhook secret" };
    private static readonly Option<string> Token = new("--token") { Description = $"The token it presents; rather --token-file or {TokenVariable}" };
    private static readonly Option<FileInfo?> TokenFile = new("--token-file") { Description = "File that holds the token" };
    private static readonly Option<string[]> Known = new("--known") { Description = "kind=value of a test person it holds, at best in two categories; the run erases this person", Required = true };
    private static readonly Option<FileInfo?> DataMap = new("--data-map") { Description = "The data map that says what the system does and holds" };
    private static readonly Option<string[]> Actions = new("--action") { Description = "In place of a data map: what it does, such as access" };
    private static readonly Option<string[]> Categories = new("--category") { Description = "In place of a data map: a category it holds" };
    private static readonly Option<bool> Previews = new("--preview") { Description = "In place of a data map: it can preview" };
    private static readonly Option<string?> Correct = new("--correct") { Description = "field=value: a correction it can make to the test person" };
    private static readonly Option<string> Listen = new("--listen") { Description = "Where it reaches this run for data and late receipts", DefaultValueFactory = _ => "http://127.0.0.1:0" };
    private static readonly Option<int> Seconds = new("--patience") { Description = "Seconds that one answer may take", DefaultValueFactory = _ => 60 };

    public static Command Command()
    {
        var command = new Command("check", "Tries whether a system keeps the contract; it changes and erases the test person, so never give a real one")
        {
            System, Url, Secret, SecretFile, Token, TokenFile, Known, DataMap, Actions, Categories, Previews, Correct, Listen, Seconds,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var secret = await GivenAsync(parsed, Secret, SecretFile, SecretVariable, cancel);
            var token = await GivenAsync(parsed, Token, TokenFile, TokenVariable, cancel);
            Result<ConformanceTarget> target = token is null ? Wrong($"the token is needed: --token, --token-file or {TokenVariable}.") : await TargetAsync(parsed, secret, cancel);
            if (target.Failed)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"system check: {target.Failure.Message}");
                return 2;
            }
            return await RunAsync(parsed, target.Value, secret!, token!, parsed.InvocationConfiguration.Output, cancel);
        });
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, ConformanceTarget target, string secret, string token, TextWriter output, CancellationToken cancel)
    {
        await using var service = await StandInService.StartAsync(token, parsed.GetValue(Listen)!);
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        var system = new PushedSystem(service, parsed.GetValue(Url)!, secret, client);
        var counts = new int[3];
        await foreach (var finding in new ConformanceRun(target, system).RunAsync(cancel))
        {
            counts[(int)finding.Result]++;
            var word = finding.Result switch { ConformanceResult.Held => "held      ", ConformanceResult.Broken => "BROKEN    ", _ => "not tried " };
            await output.WriteLineAsync($"{word} {finding.Check}{(finding.Reason is { } reason ? $": {reason}" : "")}");
        }
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{counts[0]} held, {counts[1]} broken, {counts[2]} not tried"));
        return counts[(int)ConformanceResult.Broken] == 0 ? 0 : 1;
    }

    private static async Task<Result<ConformanceTarget>> TargetAsync(ParseResult parsed, string? secret, CancellationToken cancel)
    {
        if (parsed.GetValue(System)!.Split('/') is not [{ Length: > 0 } controller, { Length: > 0 } key])
            return Wrong("the system is controller/system, such as toontrack/webshop.");
        if (secret is null)
            return Wrong($"the webhook secret is needed: --secret, --secret-file or {SecretVariable}.");
        if (!StandardWebhooks.IsSecret(secret))
            return Wrong("the webhook secret is 'whsec_' and base64 of 24 to 64 bytes.");
        var known = parsed.GetValue(Known)!.Select(Pair).ToList();
        if (known.Contains(null))
            return Wrong("--known is kind=value, such as email=test@example.org.");
        var correction = parsed.GetValue(Correct) is { } given ? Pair(given) : null;
        if (parsed.GetValue(Correct) is not null && correction is null)
            return Wrong("--correct is field=value.");
        var system = parsed.GetValue(DataMap) is { } file ? await MappedAsync(file, controller, key, cancel) : Declared(parsed);
        return system.Failed ? system.Failure : new ConformanceTarget
        {
            Controller = controller,
            System = key,
            Capabilities = system.Value.Capabilities,
            Categories = system.Value.Categories,
            Known = [.. known.Select(pair => new SubjectIdentifier(pair!.Value.Name, pair.Value.Text, true))],
            Unknown = [.. known.Select(pair => new SubjectIdentifier(pair!.Value.Name, Nobody(pair.Value.Text), true))],
            Correction = correction is { } correct ? new(correct.Name, "", correct.Text, "") : null,
            Patience = TimeSpan.FromSeconds(Math.Clamp(parsed.GetValue(Seconds), 1, 3600)),
        };
    }

    private static async Task<Result<(SystemCapabilities Capabilities, IReadOnlyList<string> Categories)>> MappedAsync(FileInfo file, string controller, string key, CancellationToken cancel)
    {
        if (!file.Exists)
            return Wrong($"there is no file {file.Name}.");
        var reading = DataMapReader.Read(await File.ReadAllTextAsync(file.FullName, cancel), file.Name);
        if (reading.Map is not { } map)
            return Wrong(string.Join(Environment.NewLine, reading.Errors));
        if (map.Controller.Key != controller || map.Systems.FirstOrDefault(one => one.Key == key) is not { } system)
            return Wrong($"{file.Name} knows no system {controller}/{key}.");
        return (new SystemCapabilities { Actions = system.Actions, Needs = system.Needs, Gives = system.Gives, CanPreview = system.CanPreview, CanBeAskedAgain = system.CanBeAskedAgain },
            [.. map.Activities.Where(activity => activity.System == key).SelectMany(activity => activity.Categories).Distinct()]);
    }

    private static Result<(SystemCapabilities Capabilities, IReadOnlyList<string> Categories)> Declared(ParseResult parsed)
    {
        var actions = new List<TaskAction>();
        foreach (var text in parsed.GetValue(Actions) ?? [])
            if (DsrJson.TryParseKebab<TaskAction>(text, out var action))
                actions.Add(action);
            else
                return Wrong($"--action '{text}' is not one of: {string.Join(", ", Enum.GetValues<TaskAction>().Select(DsrJson.Kebab))}.");
        var categories = parsed.GetValue(Categories) ?? [];
        if (actions.Count == 0 || categories.Length == 0)
            return Wrong("--data-map is needed, or --action and --category.");
        return (new SystemCapabilities { Actions = actions, CanPreview = parsed.GetValue(Previews), CanBeAskedAgain = actions.Contains(TaskAction.Verify) }, categories);
    }

    private static async Task<string?> GivenAsync(ParseResult parsed, Option<string> said, Option<FileInfo?> file, string variable, CancellationToken cancel) =>
        parsed.GetValue(said) is { Length: > 0 } text ? text
        : parsed.GetValue(file) is { Exists: true } found ? (await File.ReadAllTextAsync(found.FullName, cancel)).Trim()
        : Environment.GetEnvironmentVariable(variable) is { Length: > 0 } set ? set : null;

    private static Uri? Address(global::System.CommandLine.Parsing.ArgumentResult result)
    {
        if (result.Tokens is [{ Value: var text }] && Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            return address;
        result.AddError("--url is an address with http or https.");
        return null;
    }

    private static (string Name, string Text)? Pair(string text) =>
        text.Split('=', 2) is [{ Length: > 0 } name, { Length: > 0 } value] ? (name, value) : null;

    // Of the same shape, so that a check of the shape passes too.
    private static string Nobody(string known) => known.Contains('@', StringComparison.Ordinal)
        ? $"nobody-{Guid.CreateVersion7():N}@example.org" : $"nobody-{Guid.CreateVersion7():N}";

    private static Failure Wrong(string message) => new("system.check", message);
}

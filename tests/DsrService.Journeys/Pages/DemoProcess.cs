using System.Text.Json;
using DsrService.Testing;

namespace DsrService.Journeys.Pages;

/// <summary>Everything in one process on the in-memory bus, as <c>deploy/run.sh</c> starts it.</summary>
internal sealed class DemoProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly string folder = Reaper.Folder("pages");
    private readonly TestProcess process;
    private readonly string database;
    private readonly HttpClient http;

    private DemoProcess(string database, int port, IEnumerable<(string Name, string Value)> more)
    {
        this.database = database;
        Address = new Uri($"http://127.0.0.1:{port}");
#pragma warning disable RS0030 // The test's own client.
        http = new HttpClient { BaseAddress = Address };
#pragma warning restore RS0030
        var settings = new Dictionary<string, string?>
        {
            ["ASPNETCORE_URLS"] = Address.ToString().TrimEnd('/'),
            ["ConnectionStrings__Dsr"] = database,
            ["Dsr__PublicAddress"] = Address.ToString().TrimEnd('/'),
            ["Dsr__DataMaps"] = Path.Combine(Repository, "deploy", "datamaps"),
            ["Dsr__Files"] = Path.Combine(folder, "files"),
            ["Dsr__Keys"] = Path.Combine(folder, "keys"),
            ["Demo__Output"] = Path.Combine(folder, "demo.json"),
            ["Demo__ManyRows"] = "100",
        };
        foreach (var (name, value) in more)
            settings[name] = value;
        process = TestProcess.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "DsrService.Demo.dll")], settings, folder);
    }

    public Uri Address { get; }

    /// <summary>Everything the process has written so far.</summary>
    public IEnumerable<string> Lines => process.Lines;

    public static async Task<DemoProcess> StartAsync(params (string Name, string Value)[] settings)
    {
        var demo = new DemoProcess(await (await PostgresServer.SharedAsync()).CreateDatabaseAsync(), FreePort.Next(), settings);
        await demo.process.WaitForLineAsync("ready http", Patience);
        return demo;
    }

    public string Password(string role) => DemoFile.GetProperty("signIns").EnumerateArray()
        .Single(signIn => signIn.GetProperty("role").GetString() == role).GetProperty("password").GetString()!;

    public string Token(string role) => DemoFile.GetProperty("staffTokens").GetProperty(role).GetString()!;

    /// <summary>The link in the newest mail to an address.</summary>
    public Task<string> LinkToAsync(string address) => Eventually.GetAsync(async () =>
    {
        var mails = JsonSerializer.Deserialize<JsonElement>(await http.GetStringAsync($"/demo/mailbox?to={Uri.EscapeDataString(address)}"));
        return mails.EnumerateArray().SelectMany(mail => mail.GetProperty("links").EnumerateArray())
            .Select(link => link.GetString()).FirstOrDefault(link => link!.Contains("token=", StringComparison.Ordinal));
    }, "the mail with the link", Patience);

    public async Task<JsonElement> PersonAsync(int at) =>
        JsonSerializer.Deserialize<JsonElement>(await http.GetStringAsync("/demo/people/toontrack"))[at];

    private JsonElement DemoFile => JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(Path.Combine(folder, "demo.json")));

    private static string Repository
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "DsrService.sln")))
                folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside their repository.");
            return folder;
        }
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await process.DisposeAsync();
        await (await PostgresServer.SharedAsync()).DropDatabaseAsync(database);
        Directory.Delete(folder, recursive: true);
    }
}

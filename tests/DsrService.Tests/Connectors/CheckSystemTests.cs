using System.CommandLine;
using DsrService.Connectors;
using DsrService.Sdk.Http;
using DsrService.Testing;

namespace DsrService.Tests.Connectors;

/// <summary>The verb against a system in another language, over real HTTP.</summary>
internal sealed class CheckSystemTests
{
    private const string Rows = """
        [{"email":"test@example.org","category":"account","text":"Test","handle":"r1"},{"email":"test@example.org","category":"orders","text":"A drum","handle":"r2"}]
        """;

    private static readonly string secret = StandardWebhooks.NewSecret();

    [Test]
    public async Task Check_SystemThatKeepsTheContract_EndsWithNought()
    {
        await using var node = Start("the-token");
        var address = await AddressAsync(node);

        var folder = Reaper.Folder("check");
        await File.WriteAllTextAsync(Path.Combine(folder, "secret"), secret + "\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "token"), "the-token\n");

        var (code, output, _) = await RunAsync("shop/main", "--url", address, "--secret-file", Path.Combine(folder, "secret"), "--token-file", Path.Combine(folder, "token"), "--known", "email=test@example.org",
            "--action", "access", "--action", "erase", "--action", "verify", "--category", "account", "--category", "orders", "--preview");

        Assert.That(code, Is.Zero, output);
        Assert.That(output.TrimEnd().Split('\n')[^1], Does.Match("^[0-9]+ held, 0 broken, 4 not tried$"));
    }

    [Test]
    public async Task Check_SystemWithAnotherToken_SaysWhatIsBroken()
    {
        await using var node = Start("another-token");
        var address = await AddressAsync(node);

        var (code, output, _) = await RunAsync("shop/main", "--url", address, "--secret", secret, "--token", "the-token", "--known", "email=test@example.org",
            "--action", "access", "--category", "account");

        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Does.Contain("BROKEN     it finds the person it holds").And.Not.Contain("test@example.org"));
    }

    [TestCase("--data-map is needed, or --action and --category", "shop/main", "--secret", "SECRET", "--known", "email=a@example.org")]
    [TestCase("controller/system", "shop", "--secret", "SECRET", "--known", "email=a@example.org", "--action", "access", "--category", "c")]
    [TestCase("kind=value", "shop/main", "--secret", "SECRET", "--known", "a@example.org", "--action", "access", "--category", "c")]
    [TestCase("whsec_", "shop/main", "--secret", "guess", "--known", "email=a@example.org", "--action", "access", "--category", "c")]
    [TestCase("'delete' is not one of: locate, access", "shop/main", "--secret", "SECRET", "--known", "email=a@example.org", "--action", "delete", "--category", "c")]
    [TestCase("the webhook secret is needed", "shop/main", "--secret-file", "nowhere", "--known", "email=a@example.org", "--action", "access", "--category", "c")]
    [TestCase("no file nowhere.yaml", "shop/main", "--secret", "SECRET", "--known", "email=a@example.org", "--data-map", "nowhere.yaml")]
    public async Task Check_WrongInput_SaysWhichAndSendsNothing(string said, params string[] arguments)
    {
        var (code, _, error) = await RunAsync([.. arguments.Select(argument => argument == "SECRET" ? secret : argument), "--url", "http://127.0.0.1:9/", "--token", "t"]);

        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.Contain(said));
    }

    private static TestProcess Start(string token) => TestProcess.Start("node", [Path.Combine(AppContext.BaseDirectory, "example-shop.mjs")],
        new Dictionary<string, string?> { ["PORT"] = "0", ["TOKEN"] = token, ["SECRET"] = secret, ["ROWS"] = Rows }, AppContext.BaseDirectory);

    private static async Task<string> AddressAsync(TestProcess node) =>
        $"http://127.0.0.1:{(await node.WaitForLineAsync("listening", TimeSpan.FromMinutes(1))).Split(' ')[1]}/tasks";

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var code = await CheckSystem.Command().Parse(["check", .. arguments]).InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}

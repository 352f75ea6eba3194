using System.CommandLine;
using System.Text.Json;
using DsrService.DataMap;
using DsrService.Sdk.Contracts;
using DsrService.Testing;

namespace DsrService.Tests.DataMap;

internal sealed class DataMapCheckTests
{
    [Test]
    public async Task Check_Toontrack_SaysNoErrors()
    {
        var (code, output, _) = await RunAsync(Path.Combine(AppContext.BaseDirectory, "datamaps", "toontrack.yaml"));

        Assert.That(code, Is.Zero);
        Assert.That(output, Does.StartWith("toontrack.yaml: no errors; toontrack with 13 activities, 18 categories, 9 systems"));
    }

    [Test]
    public async Task Check_Mistakes_NamesEachWithItsLineAndFails()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, TestMaps.Small.Replace("system: stock", "system: stack", StringComparison.Ordinal)
                .Replace("country: SE\n", "country: Sweden\n", StringComparison.Ordinal));

            var (code, _, error) = await RunAsync(file);

            Assert.That(code, Is.EqualTo(1));
            Assert.That(error.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(new[]
            {
                $"{Path.GetFileName(file)}:6: controller: 'country' must be two capital letters (ISO 3166).",
                $"{Path.GetFileName(file)}:38: activity 'send': unknown system 'stack'.",
            }));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public async Task Check_MappingsOfItsDatabases_AreReadToo()
    {
        var folder = Reaper.Folder("mappings");
        var maps = Path.Combine(AppContext.BaseDirectory, "datamaps");
        Directory.CreateDirectory(Path.Combine(folder, "sql"));
        File.Copy(Path.Combine(maps, "toontrack.yaml"), Path.Combine(folder, "toontrack.yaml"));
        var mapping = await File.ReadAllTextAsync(Path.Combine(maps, "sql", "toontrack.service-log.yaml"));
        await File.WriteAllTextAsync(Path.Combine(folder, "sql", "toontrack.service-log.yaml"), mapping.Replace("system: service-log", "system: servicelog", StringComparison.Ordinal));

        var (code, _, error) = await RunAsync(Path.Combine(folder, "toontrack.yaml"));

        Assert.That(code, Is.EqualTo(1));
        Assert.That(error, Does.Contain("toontrack.product-registration.yaml:1: there is no such file").And.Contain("toontrack.service-log.yaml:").And.Contain("'servicelog'"));
    }

    [Test]
    public async Task Check_NoSuchFile_Fails()
    {
        var (code, _, error) = await RunAsync("/nowhere/map.yaml");

        Assert.That((code, error.Trim()), Is.EqualTo((1, "map.yaml: there is no such file.")));
    }

    [Test]
    public void ContentHash_CommentsAndLayout_ChangeNothing_ButContentDoes()
    {
        string Hash(string text) => DataMapReader.Read(text, "acme.yaml").Map!.ContentHash();

        Assert.That(Hash("# a comment\n" + TestMaps.Small.Replace("purpose: To sell", "purpose: \"To sell\"", StringComparison.Ordinal)), Is.EqualTo(Hash(TestMaps.Small)));
        Assert.That(Hash(TestMaps.Small.Replace("P1Y", "P2Y", StringComparison.Ordinal)), Is.Not.EqualTo(Hash(TestMaps.Small)));
    }

    [Test]
    public void Json_Map_SurvivesTheWayThere()
    {
        var json = JsonSerializer.Serialize(TestMaps.Toontrack, DsrJson.Options);

        Assert.That(JsonSerializer.Deserialize<ControllerDataMap>(json, DsrJson.Options)!.ContentHash(), Is.EqualTo(TestMaps.Toontrack.ContentHash()));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string file)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await DataMapCheck.Command().Parse(["check", file]).InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}

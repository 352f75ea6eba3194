using DsrService.DataMap;
using DsrService.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.DataMap;

internal sealed class LoadDataMapsTests
{
    [Test]
    public async Task HandleAsync_LanguageWithoutLetters_IsRefusedAndTheMapInForceStays()
    {
        var folder = Reaper.Folder("maps");
        var file = Path.Combine(folder, "toontrack.yaml");
        var yaml = TestMaps.ToontrackText;
        await File.WriteAllTextAsync(file, yaml);
        await using var service = await TestService.StartAsync(settings: [("Dsr:DataMaps", folder)]);
        var before = await service.Services.GetRequiredService<DataMaps>().CurrentAsync("toontrack", CancellationToken.None);
        await File.WriteAllTextAsync(file, yaml.Replace("languages: [en,", "languages: [en, nl,", StringComparison.Ordinal));

        var errors = await service.InScopeAsync(services => services.GetRequiredService<LoadDataMaps>().HandleAsync(CancellationToken.None));

        Assert.That(errors.Select(error => error.ToString()), Has.One.Matches(@"^toontrack\.yaml:\d+: controller: 'languages' offers 'nl', in which there are no letters\.$"));
        Assert.That(errors[0].Line, Is.EqualTo(1 + yaml.Split('\n').ToList().FindIndex(line => line.Contains("languages:", StringComparison.Ordinal))));
        Assert.That((await service.Services.GetRequiredService<DataMaps>().AllAsync(CancellationToken.None)).Single().Version, Is.EqualTo(before!.Version));
    }
}

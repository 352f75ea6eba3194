using DsrService.Notices;
using DsrService.Notices.Letters;
using DsrService.Notices.Templates;
using DsrService.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DsrService.Tests.Notices;

internal sealed class LoadLettersTests
{
    private const string Good = "Subject: Back ({{reference}})\n{{controller}} takes note. {{contact}}\n";
    private string folder = "";
    private TestService service = null!;

    [SetUp]
    public async Task StartAsync()
    {
        folder = Reaper.Folder("letters");
        Write(Good);
        service = await TestService.StartAsync(settings: [("Dsr:Letters", folder)]);
    }

    [TearDown]
    public async Task StopAsync() => await service.DisposeAsync();

    [Test]
    public async Task HandleAsync_CompanysFolder_IsInForceAndInTheAudit()
    {
        Assert.That(Withdrawal(), Does.StartWith("Muster AB takes note."));
        var stored = await service.InDatabaseAsync(db => db.Set<LetterVersion>().AsNoTracking().ToListAsync());
        Assert.That(stored, Has.Count.EqualTo(1));
        var events = await service.InDatabaseAsync(db => db.Set<DsrService.Audit.AuditEntry>().AsNoTracking().Select(entry => entry.Event).ToListAsync());
        Assert.That(events, Has.Member("letters.taken_into_force"));
    }

    [Test]
    public async Task HandleAsync_SameFilesAgain_MakesNoNewVersion()
    {
        Assert.That(await LoadAsync(), Is.Empty);

        Assert.That(await service.InDatabaseAsync(db => db.Set<LetterVersion>().CountAsync()), Is.EqualTo(1));
    }

    [Test]
    public async Task HandleAsync_WithAnError_LeavesTheVersionInForce()
    {
        Write("Subject: Back\n\n{{controler}}\n");
        service.Services.GetRequiredService<LettersInForce>().Take(LetterSet.BuiltIn);

        var errors = await LoadAsync();

        Assert.That(errors.Select(error => error.ToString()), Has.Some.StartsWith("en/withdrawal.hbs:3: nothing fills 'controler'"));
        Assert.That(Withdrawal(), Does.StartWith("Muster AB takes note."), "as after a restart: the last good version");
        Assert.That(service.Log.Lines, Has.Some.Contains("en/withdrawal.hbs(3)"));
    }

    private string Withdrawal() =>
        LetterSamples.Write(LetterMessage.Withdrawal, service.Services.GetRequiredService<LettersInForce>().Current, "en", false)[0].Text;

    private Task<IReadOnlyList<TextError>> LoadAsync() =>
        service.InScopeAsync(services => services.GetRequiredService<LoadLetters>().HandleAsync(CancellationToken.None));

    private void Write(string text)
    {
        Directory.CreateDirectory(Path.Combine(folder, "en"));
        File.WriteAllText(Path.Combine(folder, "en/withdrawal.hbs"), text);
    }
}

using DsrService.Hosting;
using DsrService.Testing;
using Microsoft.Extensions.Configuration;

namespace DsrService.Tests.Hosting;

internal sealed class SecretFilesTests
{
    private readonly string folder = Reaper.Folder("secrets");

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(folder, recursive: true);

    [Test]
    public void ReadInto_SettingsThatNameFiles_TakesTheirContent()
    {
        var configuration = Configuration(
            ("Dsr:BusFile", Secret("amqp://dsr:secret@broker/\n")), ("Dsr:Mail:PasswordFile", Secret("hush")), ("Dsr:Mail:From", "privacy@example.org"));

        SecretFiles.ReadInto(configuration);
        var options = new DsrOptions();
        configuration.GetSection(DsrOptions.Section).Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);

        Assert.That((options.Bus, options.Mail.Password, options.Mail.From), Is.EqualTo(("amqp://dsr:secret@broker/", "hush", "privacy@example.org")));
    }

    [Test]
    public void ReadInto_NoSuchFile_NamesTheSettingAndTheFile()
    {
        var missing = Path.Combine(folder, "missing");

        Assert.That(
            () => SecretFiles.ReadInto(Configuration(("ConnectionStrings:DsrFile", missing))),
            Throws.InvalidOperationException.With.Message.Contains("ConnectionStrings:DsrFile").And.Message.Contains(missing));
    }

    [Test]
    public void ReadInto_SettingsOfOthers_AreLeftAlone()
    {
        var configuration = Configuration(("Kestrel:Certificates:Default:PathFile", "/nowhere"));

        SecretFiles.ReadInto(configuration);

        Assert.That(configuration["Kestrel:Certificates:Default:PathFile"], Is.EqualTo("/nowhere"));
    }

    private string Secret(string text)
    {
        var path = Path.Combine(folder, Path.GetRandomFileName());
        File.WriteAllText(path, text);
        return path;
    }

    private static ConfigurationManager Configuration(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value));
        return configuration;
    }
}

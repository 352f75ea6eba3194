using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Hosting;
using DsrService.Notices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DsrService.DataMap;

/// <summary>Takes the data maps of the folder into force. One with errors is refused whole, and the version in force stays.</summary>
internal sealed class LoadDataMaps(DsrDbContext db, KeyRing ring, AuditLog audit, LettersInForce letters, TimeProvider time, IOptions<DsrOptions> options, ILogger<LoadDataMaps> log)
{
    /// <summary>The errors found; the maps without any are in force.</summary>
    public async Task<IReadOnlyList<DataMapError>> HandleAsync(CancellationToken cancel)
    {
        var errors = new List<DataMapError>();
        if (!Directory.Exists(options.Value.DataMaps))
            throw new OptionsValidationException("Dsr:DataMaps", typeof(DsrOptions), [$"Dsr:DataMaps: there is no folder '{options.Value.DataMaps}'."]);
        foreach (var file in Directory.EnumerateFiles(options.Value.DataMaps, "*.yaml").Order(StringComparer.Ordinal))
        {
            var yaml = await File.ReadAllTextAsync(file, cancel);
            var read = DataMapReader.Read(yaml, Path.GetFileName(file));
            if (read.Map?.Controller.Languages.FirstOrDefault(language => !letters.Current.Knows(language)) is { } silent)
                errors.Add(new(Path.GetFileName(file), LineOf(yaml, "languages:"), $"controller: 'languages' offers '{silent}', in which there are no letters."));
            else if (read.Map is { } map)
                await TakeAsync(map, yaml, cancel);
            errors.AddRange(read.Errors);
        }
        foreach (var error in errors)
            log.LogError("Data map refused: {File}({Line}): {Message}", error.File, error.Line, error.Message);
        return errors;
    }

    private static int LineOf(string yaml, string field) =>
        1 + yaml.ReplaceLineEndings("\n").Split('\n').Index().FirstOrDefault(line => line.Item.TrimStart().StartsWith(field, StringComparison.Ordinal)).Index;

    private async Task TakeAsync(ControllerDataMap map, string yaml, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // Several processes start at once: one after another.
        var installation = await Installation.LockAsync(db, cancel);
        var key = map.Controller.Key;
        var hash = map.ContentHash();
        var version = await db.Set<DataMapVersion>().SingleOrDefaultAsync(row => row.Controller == key && row.Hash == hash, cancel);
        var controller = await db.Set<ControllerOrganisation>().SingleOrDefaultAsync(row => row.Key == key, cancel);
        if (version is not null && controller?.DataMapVersion == version.Id)
            return;
        if (version is null)
        {
            version = new DataMapVersion { Id = Guid.CreateVersion7(), Controller = key, Hash = hash, Yaml = yaml, LoadedAt = time.GetUtcNow() };
            db.Add(version);
        }
        if (controller is null)
        {
            var (wrapped, keyId) = ring.Wrap(IdentifierHashes.KeyName(key), DataKey.NewBytes());
            db.Add(new ControllerOrganisation { Key = key, DataMapVersion = version.Id, HashKey = wrapped, HashKeyId = keyId });
        }
        else
            controller.DataMapVersion = version.Id;
        audit.Record(db, installation, AuditLog.Service, "datamap.taken_into_force", new { controller = key, version = version.Id, hash });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }
}

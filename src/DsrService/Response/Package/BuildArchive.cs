using System.Buffers;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using DsrService.Data.Sealing;
using DsrService.Sdk.Contracts;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace DsrService.Response.Package;

/// <summary>Writes a package: the page, the data per category, files as they were handed over, the manifest. Everything is
/// streamed from and to encrypted files; no more than a few records are in memory.</summary>
internal sealed class BuildArchive(FileStore store, IServiceProvider services, ILoggerFactory logs)
{
    public const string DescriptionName = "description.json";
    private const int ShownRecords = 25;

    public async Task WriteAsync(PackageFacts facts, DataKey key, Stream target, DateTimeOffset at, CancellationToken cancel)
    {
        await using var archive = await PackageArchive.CreateAsync(target, at, cancel);
        var tables = new Dictionary<DataSet, FieldTable>();
        var sets = new List<DataSet>();
        foreach (var set in facts.Sets)
        {
            var shown = set with { Preview = await PreviewAsync(set, key, cancel) };
            sets.Add(shown);
            if (set.CsvName is not null)
                tables[shown] = await FieldsAsync(set, key, cancel);
        }
        await WritePageAsync(archive, facts with { Sets = sets }, cancel);
        if (facts.Right == Requests.Right.Portability)
            await archive.WriteJsonAsync(DescriptionName, Description.Of(sets.Select(set => (set, tables[set]))), cancel);
        foreach (var set in sets)
        {
            await archive.WriteAsync(set.JsonName, CompressionLevel.Optimal, set.Records, stream => WriteJsonAsync(stream, set, key, cancel), cancel);
            if (set.CsvName is { } csv)
                await archive.WriteAsync(csv, CompressionLevel.Optimal, set.Records, stream => WriteCsvAsync(stream, set, tables[set], key, cancel), cancel);
        }
        foreach (var file in facts.Files)
            await archive.WriteAsync(file.Name, CompressionOf(file.File.ContentType), null, async stream =>
            {
                await using var content = store.Open(file.File.Id, key);
                await content.CopyToAsync(stream, cancel);
            }, cancel);
        await archive.WriteManifestAsync(facts.Reference, facts.Controller.Key, DsrJson.Kebab(facts.Right), cancel);
    }

    private async Task WritePageAsync(PackageArchive archive, PackageFacts facts, CancellationToken cancel)
    {
        await using var renderer = new HtmlRenderer(services, logs);
        await archive.WriteAsync("index.html", CompressionLevel.Optimal, null, stream => renderer.Dispatcher.InvokeAsync(async () =>
        {
            RenderFragment page = builder =>
            {
                builder.OpenComponent<PackagePage>(0);
                builder.CloseComponent();
            };
            var root = await renderer.RenderComponentAsync<CascadingValue<PackageFacts>>(ParameterView.FromDictionary(new Dictionary<string, object?>
            {
                [nameof(CascadingValue<>.Value)] = facts,
                [nameof(CascadingValue<>.ChildContent)] = page,
            }));
            await using var writer = new StreamWriter(stream, Utf8, leaveOpen: true);
            root.WriteHtmlTo(writer);
        }), cancel);
    }

    private async Task WriteJsonAsync(Stream stream, DataSet set, DataKey key, CancellationToken cancel)
    {
        // Put together in blocks: a write for each line would cost more than packing it.
        var block = new ArrayBufferWriter<byte>(2 * SealedChunks.PlainLength);
        block.Write("["u8);
        var first = true;
        await foreach (var line in LinesAsync(set, key, cancel))
        {
            block.Write(first ? "\n"u8 : ",\n"u8);
            block.Write(line.Span);
            first = false;
            if (block.WrittenCount < SealedChunks.PlainLength)
                continue;
            await stream.WriteAsync(block.WrittenMemory, cancel);
            block.ResetWrittenCount();
        }
        block.Write("\n]\n"u8);
        await stream.WriteAsync(block.WrittenMemory, cancel);
    }

    private async Task WriteCsvAsync(Stream stream, DataSet set, FieldTable table, DataKey key, CancellationToken cancel)
    {
        await using var writer = new StreamWriter(stream, Utf8, leaveOpen: true);
        await CsvRows.WriteAsync(writer, table.Header());
        await foreach (var line in LinesAsync(set, key, cancel))
        {
            using var record = JsonDocument.Parse(line);
            await CsvRows.WriteAsync(writer, table.Row(RecordCells.Of(record.RootElement)));
        }
    }

    private async Task<IReadOnlyList<IReadOnlyList<RecordCell>>> PreviewAsync(DataSet set, DataKey key, CancellationToken cancel)
    {
        var shown = new List<IReadOnlyList<RecordCell>>();
        await foreach (var line in LinesAsync(set, key, cancel))
        {
            using var record = JsonDocument.Parse(line);
            shown.Add([.. RecordCells.ForReading(record.RootElement).Take(FieldTable.MostColumns)]);
            if (shown.Count == ShownRecords)
                break;
        }
        return shown;
    }

    private async Task<FieldTable> FieldsAsync(DataSet set, DataKey key, CancellationToken cancel)
    {
        var table = new FieldTable();
        await foreach (var line in LinesAsync(set, key, cancel))
        {
            using var record = JsonDocument.Parse(line);
            table.Add(RecordCells.Of(record.RootElement));
        }
        return table;
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> LinesAsync(DataSet set, DataKey key, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var part in set.Parts)
        {
            await using var content = store.Open(part.Id, key);
            await foreach (var line in NdjsonLines.ReadAsync(content, cancel))
                yield return line;
        }
    }

    // Sound, pictures and archives are compressed already.
    private static CompressionLevel CompressionOf(string contentType) =>
        contentType.StartsWith("audio/", StringComparison.Ordinal) || contentType.StartsWith("video/", StringComparison.Ordinal)
        || contentType.StartsWith("image/", StringComparison.Ordinal) || contentType is "application/zip" or "application/gzip"
            ? CompressionLevel.NoCompression
            : CompressionLevel.Fastest;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
}

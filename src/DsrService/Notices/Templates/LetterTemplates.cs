using System.Collections.Concurrent;
using DsrService.Notices.Letters;
using HandlebarsDotNet;
using HandlebarsDotNet.Compiler.Resolvers;

namespace DsrService.Notices.Templates;

/// <summary>The checked templates of one language; each is compiled when it is first written from.</summary>
internal sealed class LetterTemplates
{
    private readonly string language;
    private readonly IReadOnlyDictionary<string, TemplateSource> sources;
    private readonly ConcurrentDictionary<string, Lazy<(HandlebarsTemplate<object, object> Subject, HandlebarsTemplate<object, object> Body)>> compiled = new(StringComparer.Ordinal);
    private readonly Lock compiling = new();
    private readonly Lazy<IHandlebars> handlebars;

    /// <param name="language">Written into the HTML.</param>
    /// <param name="sources">Messages and parts by their names.</param>
    public LetterTemplates(string language, IReadOnlyDictionary<string, TemplateSource> sources)
    {
        (this.language, this.sources) = (language, sources);
        handlebars = new(Prepare);
    }

    public Letter Write(string message, LetterModel model)
    {
        var (subject, body) = compiled.GetOrAdd(message, name => new(() => Compile(name))).Value;
        return LetterLayout.Lay(subject(model), body(model), language);
    }

    private (HandlebarsTemplate<object, object> Subject, HandlebarsTemplate<object, object> Body) Compile(string message)
    {
        var source = sources[message];
        lock (compiling)
            return (handlebars.Value.Compile(source.Subject!), handlebars.Value.Compile(source.Body));
    }

    private IHandlebars Prepare()
    {
        var engine = Handlebars.Create(new HandlebarsConfiguration
        {
            TextEncoder = new MarkedText(),
            ThrowOnUnresolvedBindingExpression = true,
            ExpressionNameResolver = new UpperCamelCaseExpressionNameResolver(),
        });
        foreach (var (name, part) in sources.Where(source => TemplateSource.IsPart(source.Key)))
            engine.RegisterTemplate(name, part.Body);
        return engine;
    }
}

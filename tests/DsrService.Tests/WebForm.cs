using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace DsrService.Tests;

/// <summary>A form as a browser without scripts would fill it in and send it.</summary>
internal sealed class WebForm
{
    private readonly HttpClient client;
    private string action;
    private readonly List<KeyValuePair<string, string>> fields = [];

    private WebForm(HttpClient client, IHtmlFormElement form)
    {
        this.client = client;
        action = form.GetAttribute("action")!;
        foreach (var element in form.Elements)
            switch (element)
            {
                case IHtmlInputElement { Type: "radio" or "checkbox" } choice when choice.IsChecked:
                    Add(choice.Name!, choice.Value);
                    break;
                case IHtmlInputElement { Type: not ("radio" or "checkbox") } input:
                    Add(input.Name!, input.Value);
                    break;
                case IHtmlTextAreaElement area:
                    Add(area.Name!, area.Value);
                    break;
                case IHtmlSelectElement select:
                    Add(select.Name!, select.Value ?? "");
                    break;
            }
    }

    /// <summary>The form of a page that posts to an address ending so; the only one where none is named.</summary>
    public static async Task<WebForm> OpenAsync(HttpClient client, string path, string actionEnd = "") =>
        Of(client, await ReadAsync(await client.GetAsync(path)), actionEnd);

    public static WebForm Of(HttpClient client, IHtmlDocument page, string actionEnd = "") =>
        new(client, page.Forms.Single(form => form.GetAttribute("action")!.EndsWith(actionEnd, StringComparison.Ordinal)));

    public static async Task<IHtmlDocument> ReadAsync(HttpResponseMessage response) =>
        await new HtmlParser().ParseDocumentAsync(await response.Content.ReadAsStringAsync());

    public string? this[string name] => fields.Where(field => field.Key == name).Select(field => field.Value).FirstOrDefault();

    /// <summary>Types into a field, or chooses, in place of what was there.</summary>
    public WebForm With(string name, params string[] values)
    {
        fields.RemoveAll(field => field.Key == name);
        foreach (var value in values)
            Add(name, value);
        return this;
    }

    /// <summary>Sends it somewhere else than its page says.</summary>
    public WebForm To(string address)
    {
        action = address;
        return this;
    }

    public async Task<HttpResponseMessage> SendAsync()
    {
        using var content = new FormUrlEncodedContent(fields);
        return await client.PostAsync(action, content);
    }

    private void Add(string name, string value) => fields.Add(new(name, value));
}

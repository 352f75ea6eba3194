using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DsrService.Web;

/// <summary>Renders a page on the server. Razor makes its classes public while our models are internal: a page takes its
/// model as <c>[CascadingParameter] private Model Model { get; set; } = null!;</c>, and so may the parts inside it.</summary>
internal static class Pages
{
    public static IResult Show<TPage>(int status = StatusCodes.Status200OK) where TPage : IComponent =>
        new RazorComponentResult<TPage> { StatusCode = status, PreventStreamingRendering = true };

    public static IResult Show<TPage, TModel>(TModel model, int status = StatusCodes.Status200OK) where TPage : IComponent =>
        new RazorComponentResult<WithModel<TPage, TModel>>(new Dictionary<string, object?> { [nameof(WithModel<,>.Model)] = model })
        {
            StatusCode = status,
            PreventStreamingRendering = true,
        };

    private sealed class WithModel<TPage, TModel> : ComponentBase where TPage : IComponent
    {
        [Parameter]
        public TModel Model { get; set; } = default!;

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenComponent<CascadingValue<TModel>>(0);
            builder.AddComponentParameter(1, nameof(CascadingValue<>.Value), Model);
            builder.AddComponentParameter(2, nameof(CascadingValue<>.IsFixed), true);
            builder.AddComponentParameter(3, nameof(CascadingValue<>.ChildContent), (RenderFragment)(page =>
            {
                page.OpenComponent<TPage>(0);
                page.CloseComponent();
            }));
            builder.CloseComponent();
        }
    }
}

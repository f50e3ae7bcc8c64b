package dev.sluice.docs;

import java.util.List;
import java.util.Set;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.NodeRenderer;
import org.commonmark.renderer.html.HtmlNodeRendererContext;
import org.commonmark.renderer.html.HtmlRenderer;

/// Converts a Markdown page to HTML that needs no other file and no script. HTML in the Markdown is
/// shown as text.
final class HtmlPage {
  private static final List<TablesExtension> TABLES =
      List.of((TablesExtension) TablesExtension.create());

  private static final String STYLE =
      """
      body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff; }
      table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #ddd; }
      code { font: 14px ui-monospace, monospace; background: #f3f3f3; padding: 0 .2rem; }
      svg { max-width: 100%; height: auto; } svg path { fill: none; stroke: #999; } svg rect { fill: #fff; stroke: #555; }
      svg text { font: 14px ui-monospace, monospace; fill: #222; } svg .table rect { fill: #e8f0fe; } svg .reference rect { fill: #fef7e0; }
      """;

  private HtmlPage() {}

  /// @param diagram SVG that replaces the Mermaid code block
  static String of(String title, String markdown, String diagram) {
    Node page = Parser.builder().extensions(TABLES).build().parse(markdown);
    String body =
        HtmlRenderer.builder()
            .extensions(TABLES)
            .escapeHtml(true)
            .sanitizeUrls(true)
            .nodeRendererFactory(context -> new Diagram(context, diagram))
            .build()
            .render(page);
    return """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>%s</title>
    <style>
    %s</style>
    </head>
    <body>
    %s</body>
    </html>
    """
        .formatted(escaped(title), STYLE, body);
  }

  /// Text in HTML or SVG.
  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  /// Writes the diagram, and other code blocks as code.
  private record Diagram(HtmlNodeRendererContext context, String diagram) implements NodeRenderer {
    @Override
    public Set<Class<? extends Node>> getNodeTypes() {
      return Set.of(FencedCodeBlock.class);
    }

    @Override
    public void render(Node node) {
      FencedCodeBlock block = (FencedCodeBlock) node;
      if (PipelinePage.MERMAID.equals(block.getInfo())) {
        context.getWriter().raw(diagram);
      } else {
        context.getWriter().raw("<pre><code>" + escaped(block.getLiteral()) + "</code></pre>\n");
      }
    }
  }
}

package sluice.upstream.databricks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.call.Bytes;
import sluice.call.Dropped;
import sluice.json.Field;
import sluice.json.Fields;
import sluice.json.Governed;
import sluice.json.Kind;
import sluice.json.Limits;
import sluice.json.NotJson;
import sluice.json.Splice;

/// Takes the tools out of a Messages request that Anthropic itself would run: a workspace refuses the whole call for
/// them (facts/databricks.md section 3.1), and a call without them is worth more than none (facts/llm-protocols.md
/// section 10 and trap 29). Each is told by its type.
final class ServerTools {
    /// Their types end in a date.
    private static final List<String> RUN_BY_THE_PROVIDER =
            List.of("web_search_", "web_fetch_", "code_execution_");

    private static final List<byte[]> MENTIONS =
            RUN_BY_THE_PROVIDER.stream().map(type -> ("\"" + type).getBytes(US_ASCII)).toList();
    private static final Governed REQUEST = Governed.of("tools", "tool_choice");
    private static final Governed TOOL = Governed.of("type", "name");

    private ServerTools() {}

    /// @return the body without them, or null when it has none
    /// @throws NotJson when a tool cannot be read
    static @Nullable Bytes without(Bytes body, Dropped dropped) throws NotJson {
        if (MENTIONS.stream().noneMatch(mention -> isIn(body, mention))) {
            return null;
        }
        var fields = Fields.scan(body, REQUEST, Limits.DEFAULT);
        var tools = fields.find("tools");
        if (tools == null || tools.kind() != Kind.ARRAY) {
            return null;
        }
        var kept = new ArrayList<Bytes>();
        var gone = new ArrayList<String>();
        for (var tool : tools.elements()) {
            var its =
                    tool.array()[tool.from()] == '{'
                            ? Fields.scan(tool, TOOL, Limits.DEFAULT)
                            : null;
            var type = its == null ? "" : text(its.find("type"));
            if (its != null && RUN_BY_THE_PROVIDER.stream().anyMatch(type::startsWith)) {
                dropped.add("tools[" + type + "]");
                gone.add(text(its.find("name")));
            } else {
                kept.add(tool);
            }
        }
        return gone.isEmpty() ? null : with(fields, kept, gone);
    }

    /// A choice among no tools, or of one that is gone, would be refused in its turn.
    private static Bytes with(Fields fields, List<Bytes> kept, List<String> gone) throws NotJson {
        var splice = Splice.of(fields);
        if (kept.isEmpty()) {
            splice.remove("tools");
        } else {
            splice.put("tools", array(kept));
        }
        var choice = fields.find("tool_choice");
        if (choice != null && (kept.isEmpty() || gone.contains(chosen(choice)))) {
            splice.remove("tool_choice");
        }
        return splice.pieces().joined();
    }

    private static String chosen(Field choice) throws NotJson {
        return choice.kind() == Kind.OBJECT
                ? text(choice.object(TOOL, Limits.DEFAULT).find("name"))
                : "";
    }

    private static Bytes array(List<Bytes> elements) {
        int length = 1 + elements.size();
        for (var element : elements) {
            length += element.length();
        }
        var array = new byte[length];
        array[0] = '[';
        int at = 1;
        for (var element : elements) {
            if (at > 1) {
                array[at++] = ',';
            }
            System.arraycopy(element.array(), element.from(), array, at, element.length());
            at += element.length();
        }
        array[at] = ']';
        return Bytes.of(array);
    }

    private static String text(@Nullable Field field) throws NotJson {
        return field == null || field.kind() != Kind.STRING ? "" : field.string();
    }

    private static boolean isIn(Bytes body, byte[] mention) {
        byte[] array = body.array();
        int last = body.to() - mention.length;
        for (int i = body.from(); i <= last; i++) {
            if (array[i] == mention[0] && array[i + 1] == mention[1] && begins(array, i, mention)) {
                return true;
            }
        }
        return false;
    }

    private static boolean begins(byte[] array, int at, byte[] mention) {
        for (int i = 2; i < mention.length; i++) {
            if (array[at + i] != mention[i]) {
                return false;
            }
        }
        return true;
    }
}

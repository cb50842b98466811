package sluice.call;

import java.util.List;

/// Models that are spoken to in one way.
///
/// @param id how an operator's model book says that it means this one
/// @param names of its models, without what a place puts before them; a {@code *} at the end stands for any ending
public record ModelFamily(String id, List<String> names, ModelTraits traits) {
    public ModelFamily {
        names = List.copyOf(names);
        for (var name : names) {
            int star = name.indexOf('*');
            if (name.isEmpty() || (star >= 0 && star < name.length() - 1)) {
                throw new IllegalArgumentException(
                        "a family's name has '*' only at its end, got '" + name + "'");
            }
        }
    }
}

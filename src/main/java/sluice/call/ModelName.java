package sluice.call;

/// A model where it lives: the target's id and the name that the target knows it by. The target's id holds no slash;
/// the model may (design section 4: only the first slash splits).
public record ModelName(String target, String model, String text) implements Meaning {
    public ModelName {
        if (target.isEmpty() || target.indexOf('/') >= 0 || model.isEmpty()) {
            throw new IllegalArgumentException(
                    "a model name is target/model, got '" + target + "' and '" + model + "'");
        }
    }

    public ModelName(String target, String model) {
        this(target, model, target + "/" + model);
    }

    @Override
    public String toString() {
        return text;
    }
}
